import { describe, expect, it } from 'vitest';
import { CHART_CLASSES } from '../../src/charts/chart-class.js';
import { chartSummary } from '../../src/charts/chart-summary.js';
import { openChart } from '../../src/charts/open-chart.js';
import { rasteriseChart } from '../../src/charts/rasterise-chart.js';
import { failure } from '../helpers.js';
import { chartFixture, EXPECTED } from './chart-fixtures.js';

const SIGRID = 'sigrid_202001151200_pl_a.shp';
const { grid, rows } = EXPECTED.sigridIndex;

describe('rasteriseChart', () => {
  it('puts polygons over dateline and pole where rasterio does', async () => {
    const out = rasteriseChart(await openChart(chartFixture(SIGRID)), grid, 'index');
    const drawn = rows.map((_, row) =>
      Array.from(
        out.subarray(row * grid.width, (row + 1) * grid.width),
        (value) => '.0123456789'[value + 1],
      ).join(''),
    );
    expect(drawn).toEqual(rows);
  });
  it('gives classes and concentrations of the same polygons', async () => {
    const chart = await openChart(chartFixture(SIGRID));
    const index = rasteriseChart(chart, grid, 'index');
    const classes = rasteriseChart(chart, grid, 'class');
    const sic = rasteriseChart(chart, grid, 'sic');
    const names = ['thin_ice', 'thick_ice', 'thick_ice', 'open_water', 'land'];
    const fractions = [1, 0.2, 0.95, 0.05, NaN].map(Math.fround);
    index.forEach((polygon, i) => {
      expect(CHART_CLASSES[classes[i] ?? -1]).toBe(names[polygon] ?? 'unknown');
      expect(sic[i]).toBe(fractions[polygon] ?? NaN);
    });
    const water = rasteriseChart(chart, grid, 'class', { openWaterBelow: 0.5 });
    expect(new Set(index.map((polygon, i) => (polygon === 1 ? (water[i] ?? 0) : 1)))).toEqual(
      new Set([1]),
    );
  });
  it('works on lon-lat grids from −180 and from 0', async () => {
    const chart = await openChart(chartFixture(SIGRID));
    const size = { crs: 'EPSG:4326', height: 30, width: 360 };
    const west = rasteriseChart(chart, { ...size, transform: [-180, 1, 0, 90, 0, -1] }, 'index');
    const east = rasteriseChart(chart, { ...size, transform: [0, 1, 0, 90, 0, -1] }, 'index');
    const at = (lon: number, lat: number) => [
      west[Math.floor(90 - lat) * 360 + lon + 180],
      east[Math.floor(90 - lat) * 360 + ((lon + 360) % 360)],
    ];
    expect([
      at(10, 74.5),
      at(6, 71.5),
      at(175, 72.5),
      at(-175, 72.5),
      at(99, 89.5),
      at(-180, 85.5),
      at(31, 66.5),
    ]).toEqual([
      [0, 0],
      [-1, -1],
      [1, 1],
      [1, 1],
      [2, 2],
      [2, 2],
      [3, 3],
    ]);
  });
  it('puts a projected chart on another grid, and refuses one without projection', async () => {
    const chart = await openChart(chartFixture('egg.zip'));
    const lonLat = {
      crs: 'EPSG:4326',
      transform: [-70, 1, 0, 50, 0, -1],
      height: 2,
      width: 18,
    } as const;
    const out = rasteriseChart(chart, lonLat, 'class');
    const line = [3, 3, 3, 2, 2, 2, 4, 4, 4, 1, 1, 1, 5, 5, 5, 2, 2, 2];
    // 9+ with multi-year and medium ice, grey ice, fast ice, open water, land, 6/10 mostly grey-white.
    expect([...out]).toEqual([...line, ...line]);
    await failure(() => rasteriseChart({ ...chart, crs: null }, lonLat, 'sic'), 'NoData');
  });
});

describe('chartSummary', () => {
  const near = (value: number | undefined, reference: number): void =>
    expect(Math.abs((value ?? NaN) / reference - 1)).toBeLessThan(1e-6);
  it('counts codes and measures areas as pyproj does', async () => {
    const path = chartFixture(SIGRID);
    const summary = chartSummary(await openChart(path));
    expect(summary).toMatchObject({ path, crs: 'EPSG:4326', polygons: 5 });
    expect(summary.codes).toEqual({
      CT: { '92': 1, '13': 1, '91': 1, '01': 1, '': 1 },
      CA: { '-9': 2, '60': 1, '': 2 },
      SA: { '84': 1, '87': 1, '95': 1, '': 2 },
      FA: { '08': 1, '': 4 },
      POLY_TYPE: { I: 3, W: 1, L: 1 },
    });
    ['92', '13', '91', '01', ''].forEach((code, i) =>
      near(summary.areaKm2[code], EXPECTED.sigrid.areaKm2[i] ?? NaN),
    );
  });
  it('measures projected polygons', async () => {
    const { areaKm2, codes } = chartSummary(await openChart(chartFixture('egg.zip')));
    const [egg = 0, remote = 0, fast = 0, open = 0, land = 0, six = 0] = EXPECTED.eggAreaKm2;
    near(areaKm2['9+'], egg);
    near(areaKm2['10'], remote);
    near(areaKm2['6'], six);
    near(areaKm2[''], fast + open + land);
    expect(codes.LEGEND?.['Egg']).toBe(2);
    const packaged = chartSummary(await openChart(chartFixture('charts.gpkg'))).areaKm2;
    near(packaged['92'], EXPECTED.geopackage[0]?.areaKm2 ?? NaN);
    near(packaged['79'], EXPECTED.geopackage[1]?.areaKm2 ?? NaN);
  });
});

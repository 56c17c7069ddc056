import { describe, expect, it } from 'vitest';
import { chartSummary } from '../../src/charts/chart-summary.js';
import { openChart } from '../../src/charts/open-chart.js';
import { rasteriseChart } from '../../src/charts/rasterise-chart.js';
import { realFile, SKIP_NOTE } from '../helpers.js';

/** Counts and sums by pyshp, areas by pyproj (Geod, edges cut every 0.005 degrees). */
const CHARTS = {
  '201304100920_CapeFarewell_RIC': {
    polygons: 23,
    rings: 122,
    points: 23752,
    ct: { '12': 7, '-9': 3 },
    area: 464971.611,
  },
  '201307222045_CapeFarewell_RIC': {
    polygons: 10,
    rings: 70,
    points: 11275,
    ct: { '46': 2, '13': 1 },
    area: 272914.063,
  },
  '201404250420_CapeFarewell2_RIC': {
    polygons: 8,
    rings: 124,
    points: 14807,
    ct: { '91': 1, '23': 2 },
    area: 266461.199,
  },
  // pyproj's sum takes off two of a ring of 24.69 km² that the file winds the wrong way round.
  aari_arc_20140211_pl_a: {
    polygons: 342,
    rings: 621,
    points: 111553,
    ct: { '00': 3, '92': 339 },
    area: 13349465.393 + 2 * 24.691,
  },
} as const;

describe('real charts', () => {
  for (const [name, wanted] of Object.entries(CHARTS)) {
    it(name, async ({ skip }) => {
      const path = realFile(`ice-charts/${name}.shp`) ?? skip(SKIP_NOTE);
      const chart = await openChart(path);
      const rings = chart.polygons.flatMap((polygon) => polygon.rings);
      expect([chart.crs, chart.polygons.length, rings.length]).toEqual([
        'EPSG:4326',
        wanted.polygons,
        wanted.rings,
      ]);
      expect(rings.reduce((sum, ring) => sum + ring.length / 2, 0)).toBe(wanted.points);
      const { codes, areaKm2 } = chartSummary(chart);
      expect(codes.CT).toMatchObject(wanted.ct);
      const area = Object.values(areaKm2).reduce((sum, value) => sum + value, 0);
      expect(Math.abs(area / wanted.area - 1)).toBeLessThan(1e-6);
    });
  }
  it('AARI on the NSIDC polar grid of 12.5 km as by rasterio', async ({ skip }) => {
    const path = realFile('ice-charts/aari_arc_20140211_pl_a.shp') ?? skip(SKIP_NOTE);
    const grid = {
      crs: 'EPSG:3413',
      transform: [-3850000, 12500, 0, 5850000, 0, -12500],
      height: 896,
      width: 608,
    } as const;
    const index = rasteriseChart(await openChart(path), grid, 'index');
    // pyproj and rasterio.features.rasterize, pixel for pixel the same: covered cells and a checksum.
    expect(index.reduce((sum, value) => sum + Number(value >= 0), 0)).toBe(83663);
    expect(
      index.reduce((sum, value, i) => (sum + (value + 1) * ((i % 9973) + 1)) % 1_000_003, 0),
    ).toBe(464774);
  });
});

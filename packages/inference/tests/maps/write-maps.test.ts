import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { openRaster, readRaster, writePng, writeGeoTiff } from '@arctic/raster';
import { type MapLayer, gridFor, openScene, writeMaps, writeMapsOnGrid } from '../../src/index.js';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'arctic-maps-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Two classes and a missing corner round the pole. */
const classes: MapLayer = {
  name: 'ice_class',
  longName: 'Ice class',
  units: null,
  width: 4,
  height: 4,
  crs: 'EPSG:3413',
  transform: [-50_000, 25_000, 0, 50_000, 0, -25_000],
  times: ['2022-09-13T15:00:00Z'],
  dtype: 'uint8',
  nodata: 255,
  classes: [
    { value: 0, meaning: 'open_water' },
    { value: 1, meaning: 'ice' },
  ],
  source: 'a test',
  rows: (first, count) =>
    Uint8Array.of(255, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0).slice(
      first * 4,
      (first + count) * 4,
    ),
};

interface Collection {
  readonly features: readonly {
    readonly properties: Readonly<Record<string, unknown>>;
    readonly geometry: { readonly type: string };
  }[];
}

function features(path: string) {
  return (JSON.parse(readFileSync(path, 'utf8')) as Collection).features; // a file of ours
}

describe('a class map', () => {
  it('comes as GeoTIFF, NetCDF and GeoJSON that agree', async () => {
    const written = await writeMaps(folder, 'classes', classes);
    expect(written.map((path) => basename(path))).toEqual([
      'classes.tif',
      'classes.nc',
      'classes.geojson',
    ]);
    const tif = await readRaster(join(folder, 'classes.tif'));
    expect(Array.from(tif.array.data).slice(0, 6)).toEqual([255, 0, 0, 0, 0, 1]);
    expect([tif.mask[0], tif.mask[1], tif.nodata]).toEqual([0, 1, 255]);
    const nc = await openRaster(join(folder, 'classes.nc'));
    expect([nc.crs, nc.transform, nc.times]).toEqual([
      'EPSG:3413',
      classes.transform,
      ['2022-09-13T15:00:00Z'],
    ]);
    const variable = nc.variables.find(({ name }) => name === 'ice_class');
    expect(variable?.attributes['flag_meanings']).toBe('open_water ice');
    expect(Array.from((await variable?.read())?.data ?? []).slice(0, 6)).toEqual([
      NaN,
      0,
      0,
      0,
      0,
      1,
    ]);
    await nc.close();
    const found = features(join(folder, 'classes.geojson'));
    expect(found.map(({ properties }) => [properties['class'], properties['pixels']])).toEqual([
      ['open_water', 11],
      ['ice', 4],
    ]);
    // 2 × 2 cells round the pole, where the projection shrinks: true area is larger.
    expect(Number(found[1]?.properties['areaKm2'])).toBeCloseTo(2658, -1);
  });
  it('keeps control points in the GeoTIFF', async () => {
    const controlPoints = [0, 4].map((side) => ({
      row: side,
      column: side,
      x: side,
      y: 80 - side,
    }));
    const askew = { ...classes, transform: null, controlPoints };
    expect((await writeMaps(folder, 'askew', askew)).map((path) => basename(path))).toEqual([
      'askew.tif',
      'askew.nc',
    ]);
    const scene = await openScene(join(folder, 'askew.tif'));
    expect([scene.crs, scene.controlPoints]).toEqual(['EPSG:3413', controlPoints]);
    await scene.close();
  });
  it('on another grid keeps its areas', async () => {
    await writeMaps(folder, 'classes', classes);
    const target = { crs: 'EPSG:6931', pixelSizeM: 1000 };
    const from = join(folder, 'classes.tif');
    await writeMapsOnGrid(folder, 'ease', classes, from, gridFor(classes, target));
    const ease = await readRaster(join(folder, 'ease.tif'));
    expect(ease.crs).toBe('EPSG:6931');
    const ice = Array.from(ease.array.data).filter((value) => value === 1).length;
    expect(ice / 2658).toBeCloseTo(1, 1);
    const nowhere = { ...classes, crs: null, transform: null };
    expect(() => gridFor(nowhere, target)).toThrow('--crs');
    const degrees = gridFor(classes, { crs: 'EPSG:4326', pixelSizeM: 10_000 });
    expect([degrees.width, degrees.transform[1].toFixed(3)]).toEqual([4004, '0.090']);
  });
});

it('a field comes with its steps and the contour of each', async () => {
  const rows = (first: number, count: number) =>
    Float32Array.from({ length: count * 4 * 2 }, (_, i) => {
      const column = Math.floor(i / 2) % 4;
      return first + Math.floor(i / 8) === 3 ? NaN : i % 2 === 0 ? column / 10 : 1;
    });
  const field: MapLayer = {
    name: 'sic',
    longName: 'Concentration',
    units: '1',
    width: 4,
    height: 4,
    crs: classes.crs,
    transform: classes.transform,
    times: ['2016-10-01', '2016-10-02'],
    dtype: 'float32',
    nodata: NaN,
    level: 0.15,
    source: 'a test',
    rows,
  };
  await writeMaps(folder, 'field', field);
  const nc = await openRaster(join(folder, 'field.nc'));
  expect(nc.times).toEqual(['2016-10-01T00:00:00Z', '2016-10-02T00:00:00Z']);
  const sic = nc.variables.find(({ name }) => name === 'sic');
  expect(sic?.shape).toEqual([2, 4, 4]);
  await nc.close();
  const [first, second] = features(join(folder, 'field.geojson'));
  expect(first?.properties).toMatchObject({ level: 0.15, lead: 1, time: '2016-10-01' });
  expect(JSON.stringify(first?.geometry).length).toBeGreaterThan(60);
  expect(second?.geometry).toMatchObject({ coordinates: [] });
});

describe('scenes', () => {
  it('give windows of RGB with what is missing; grey is repeated', async () => {
    const path = join(folder, 'rgba.png');
    const data = Uint8Array.of(1, 2, 3, 255, 4, 5, 6, 0, 7, 8, 9, 255, 1, 1, 1, 255);
    await writePng(path, { data, width: 2, height: 2, channels: 4 });
    const scene = await openScene(path);
    const { rgb, mask } = await scene.read({ row: 0, column: 1, height: 2, width: 1 });
    expect([rgb.channels, Array.from(mask)]).toEqual([3, [0, 1]]);
    expect(Array.from(rgb.data).slice(3)).toEqual([1, 1, 1]);
    await scene.close();
    const grey = join(folder, 'grey.png');
    await writePng(grey, { data: Uint8Array.of(5, 6), width: 2, height: 1, channels: 1 });
    const second = await openScene(grey);
    const read = await second.read({ row: 0, column: 0, height: 1, width: 2 });
    expect(Array.from(read.rgb.data)).toEqual([5, 5, 5, 6, 6, 6]);
    await second.close();
  });
  it('of other numbers are refused with the way to mend it', async () => {
    const path = join(folder, 'wide.tif');
    await writeGeoTiff(path, {
      height: 1,
      width: 1,
      dtype: 'uint16',
      crs: null,
      transform: null,
      nodata: null,
      bands: [{ name: 'band1' }],
      rows: () => Uint16Array.of(9),
    });
    await expect(openScene(path)).rejects.toThrow(/band1 uint16.*gdal_translate/);
  });
});

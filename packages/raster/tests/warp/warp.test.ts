import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import {
  cellAreas,
  gridOf,
  openRaster,
  regionGrid,
  warpRaster,
  warpRows,
  windowOfRegion,
  writeGeoTiff,
  type Grid,
  type Raster,
} from '../../src/index.js';
import { failure, fixture, temporaryFolder } from '../helpers.js';

const folder = temporaryFolder();

/** What rasterio warped; see tools/fixtures/warp.py. */
interface Index {
  readonly grids: Readonly<Record<string, Grid>>;
  readonly cases: readonly {
    readonly source: string;
    readonly target: string;
    readonly method: 'nearest' | 'bilinear';
    readonly file: string;
  }[];
}

const { grids, cases } = JSON.parse(readFileSync(fixture('warp/index.json'), 'utf8')) as Index; // made by our script

function values(name: string): Float32Array {
  return new Float32Array(Uint8Array.from(readFileSync(fixture(`warp/${name}`))).buffer);
}

function gridNamed(name: string): Grid {
  const grid = grids[name];
  if (!grid) throw new Error(name);
  return grid;
}

function rasterOn(name: string): Raster {
  const { crs, transform, height, width } = gridNamed(name);
  const data = values(`${name}.f4`);
  return {
    kind: 'values',
    array: ndarray(data, [height, width, 1]),
    mask: Uint8Array.from(data, (value) => (Number.isNaN(value) ? 0 : 1)),
    crs,
    transform,
    time: 18262,
    units: '1',
    nodata: NaN,
  };
}

describe('warps equal those of GDAL', () => {
  it.each(cases)('$source → $target, $method', ({ source, target, method, file }) => {
    const warped = warpRaster(rasterOn(source), { ...gridNamed(target), method });
    const reference = values(file);
    let [same, worst] = [0, 0];
    reference.forEach((theirs, i) => {
      const ours = warped.array.data[i] ?? NaN;
      if (Object.is(ours, theirs) || ours === theirs) same += 1;
      if (!Number.isNaN(ours) && !Number.isNaN(theirs))
        worst = Math.max(worst, Math.abs(ours - theirs));
      expect(warped.mask[i]).toBe(Number.isNaN(ours) ? 0 : 1);
    });
    // At the source's very edge GDAL's approximation and ours part; on these coarse grids that is a cell or four.
    if (method === 'nearest') expect(same / reference.length).toBeGreaterThanOrEqual(0.998);
    else expect(worst).toBeLessThan(1e-3 * 2.2);
    expect(warped).toMatchObject({ time: 18262, units: '1', crs: gridNamed(target).crs });
  });
});

it('means weigh by overlap: a constant stays, a half-covered cell takes the covered half', () => {
  const grid = {
    crs: 'EPSG:3413',
    transform: [0, 10, 0, 20, 0, -10],
    height: 2,
    width: 4,
  } as const;
  const data = Float32Array.of(1, 3, 5, NaN, 1, 3, 5, NaN);
  const raster: Raster = {
    ...rasterOn('3413'),
    ...grid,
    kind: 'values',
    array: ndarray(data, [2, 4, 1]),
    mask: Uint8Array.from(data, (value) => (Number.isNaN(value) ? 0 : 1)),
  };
  const target = { crs: grid.crs, transform: [0, 20, 0, 20, 0, -20], height: 1, width: 2 } as const;
  expect(Array.from(warpRaster(raster, { ...target, method: 'average' }).array.data)).toEqual([
    2, 5,
  ]);
});

it('bytes keep their kind, and cells without a source are masked', () => {
  const raster: Raster = {
    ...rasterOn('3413'),
    kind: 'bytes',
    array: ndarray(new Uint8Array(56 * 38).fill(7), [56, 38, 1]),
    mask: new Uint8Array(56 * 38).fill(1),
    nodata: 255,
  };
  const warped = warpRaster(raster, gridNamed('4326'));
  expect(warped.kind).toBe('bytes');
  expect(warped.mask.includes(0)).toBe(true);
  expect(warped.array.data.every((value, i) => warped.mask[i] === 0 || value === 7)).toBe(true);
});

it('row by row from a file gives the same', async () => {
  const path = join(folder, 'source.tif');
  await writeGeoTiff(path, rasterOn('6931'));
  const file = await openRaster(path);
  const [variable] = file.variables;
  if (!variable) throw new Error('no band');
  const target = { ...gridNamed('3413'), method: 'bilinear' } as const;
  const rows = warpRows(variable, target);
  const parts: number[] = [];
  for (let row = 0; row < target.height; row += 9)
    parts.push(...(await rows.rows(row, Math.min(9, target.height - row))));
  const whole = Array.from(warpRaster(rasterOn('6931'), target).array.data);
  parts.forEach((value, i) => {
    if (Number.isNaN(whole[i])) expect(value).toBeNaN();
    else expect(value).toBeCloseTo(whole[i] ?? NaN, 5);
  });
  await file.close();
});

describe('grids', () => {
  it('round another grid, and round a region over the dateline', () => {
    const ease = gridOf(gridNamed('3413'), 'EPSG:6931', { pixelSize: 100_000 });
    expect(ease.crs).toBe('EPSG:6931');
    expect(ease.transform[1]).toBe(100_000);
    const bounds = { west: 170, south: 65, east: -160, north: 72 };
    const chukchi = regionGrid({ bounds, crs: 'EPSG:3413', pixelSizeM: 25_000 });
    expect(chukchi.width * chukchi.height).toBeLessThan(60 * 60);
    const window = windowOfRegion(gridNamed('3413'), bounds);
    expect(window).not.toBeNull();
    expect((window?.height ?? 0) * (window?.width ?? 0)).toBeLessThan(100);
    const equator = { west: 0, south: -60, east: 10, north: -50 };
    expect(windowOfRegion(gridNamed('3413'), equator)).toBeNull();
  });
  it('cells have their true areas', () => {
    const ease = cellAreas({
      crs: 'EPSG:6931',
      transform: [-5.4e6, 25e3, 0, 5.4e6, 0, -25e3],
      height: 3,
      width: 3,
    });
    expect(ease.every((area) => Math.abs(area - 625) < 1e-9)).toBe(true);
    // All the earth of WGS 84, by zones.
    const globe = cellAreas({
      crs: 'EPSG:4326',
      transform: [-180, 1, 0, 90, 0, -1],
      height: 180,
      width: 360,
    });
    const sum = globe.reduce((total, area) => total + area, 0);
    expect(sum / 510_065_621.724).toBeCloseTo(1, 9);
  });
  it('refuse what is none', async () => {
    const nowhere = { ...rasterOn('3413'), crs: null };
    await failure(() => warpRaster(nowhere, gridNamed('6931')), 'InvalidValue');
    const flat = { ...gridNamed('6931'), width: 0 };
    await failure(() => warpRaster(rasterOn('3413'), flat), 'InvalidValue');
  });
});

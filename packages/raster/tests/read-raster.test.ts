import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import {
  decodeStored,
  formatOf,
  makeVariable,
  rasterOf,
  readRaster,
  readStoredPlane,
  redecode,
  writeGeoTiff,
  writePng,
  type Placement,
  type RasterFile,
  type RasterVariable,
  type VariableParts,
} from '../src/index.js';
import { failure, temporaryFolder } from './helpers.js';

const folder = temporaryFolder();

const place: Placement = {
  rowAxis: 0,
  columnAxis: 1,
  rowsFromSouth: false,
  columnsFromEast: false,
  crs: 'EPSG:3413',
  transform: [100, 10, 0, 200, 0, -10],
};

/** A variable over numbers counted up in the file's order. */
function counted(parts: Partial<VariableParts> & Pick<VariableParts, 'dims' | 'shape'>) {
  const { shape } = parts;
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1));
  return makeVariable({
    path: 'made',
    name: 'v',
    dtype: 'int16',
    placement: place,
    load: ({ start, count }) => {
      const out: number[] = [];
      const walk = (axis: number, at: number): void => {
        if (axis === shape.length) out.push(at);
        else
          for (let i = 0; i < (count[axis] ?? 0); i++)
            walk(axis + 1, at + ((start[axis] ?? 0) + i) * (strides[axis] ?? 1));
      };
      walk(0, 0);
      return Promise.resolve(Int16Array.from(out));
    },
    ...parts,
  });
}

function fileOf(...variables: readonly RasterVariable[]): RasterFile {
  return {
    path: 'made',
    format: 'netcdf-3',
    crs: null,
    transform: null,
    times: [],
    variables,
    attributes: {},
    close: () => Promise.resolve(),
  };
}

const plain = (raster: { array: { data: ArrayLike<number> } }) => Array.from(raster.array.data);

describe('rasters are north-up, whatever the order of the file', () => {
  it('rows from the south and columns from the east are turned, windows too', async () => {
    const turned = { ...place, rowsFromSouth: true, columnsFromEast: true };
    const variable = counted({ dims: ['y', 'x'], shape: [2, 3], placement: turned });
    expect(plain(await rasterOf(fileOf(variable)))).toEqual([5, 4, 3, 2, 1, 0]);
    const window = { row: 0, column: 1, height: 1, width: 2 };
    const part = await rasterOf(fileOf(variable), { window });
    expect(plain(part)).toEqual([4, 3]);
    expect(part.transform).toEqual([110, 10, 0, 200, 0, -10]);
    expect(part.crs).toBe('EPSG:3413');
  });
  it('columns before rows, beside an axis of time', async () => {
    const variable = counted({
      dims: ['x', 'time', 'y'],
      shape: [3, 2, 2],
      placement: { ...place, rowAxis: 2, columnAxis: 0 },
      timeAxis: 1,
      times: ['2020-01-01T00:00:00Z', '2020-01-01T12:00:00Z'],
    });
    const raster = await rasterOf(fileOf(variable), { at: { time: 1 } });
    expect(plain(raster)).toEqual([2, 6, 10, 3, 7, 11]);
    expect(raster.time).toBe(18262.5);
    expect(Array.from(await readStoredPlane('made', variable))).toEqual([0, 4, 8, 1, 5, 9]);
  });
  it('names, windows and levels that are not there are refused', async () => {
    const file = fileOf(counted({ dims: ['y', 'x'], shape: [2, 3] }));
    await failure(() => rasterOf(file, { variables: ['w'] }), 'WrongShape');
    await failure(() => rasterOf(file, { level: 1 }), 'WrongShape');
    const window = { row: 1, column: 0, height: 2, width: 3 };
    await failure(() => rasterOf(file, { window }), 'WrongShape');
    await failure(() => rasterOf(fileOf()), 'WrongShape');
  });
});

describe('decoding', () => {
  const decoding = { scale: 0.5, offset: 1, missing: [3], validMin: 0, validMax: 4 };
  it('scale and offset, NaN for codes and outside the range; the same by table', () => {
    const codes = Int16Array.of(-1, 0, 3, 4, 5);
    const expected = [NaN, 1, NaN, 3, NaN];
    expect(Array.from(decodeStored(codes, 'int16', decoding))).toEqual(expected);
    const many = Int16Array.from({ length: 70_000 }, (_, i) => codes[i % 5] ?? 0);
    const values = decodeStored(many, 'int16', decoding);
    expect(values.every((value, i) => Object.is(value, expected[i % 5]))).toBe(true);
  });
  it('single-precision fill values match however many digits are given', () => {
    const stored = Float32Array.of(-3.4028234663852886e38, 1);
    const codes = { ...decoding, scale: 1, offset: 0, missing: [-3.402823e38, -3.4028235e38] };
    const open = { ...codes, validMin: -Infinity, validMax: Infinity };
    expect(Array.from(decodeStored(stored, 'float32', open))).toEqual([NaN, 1]);
  });
  it('wide integers and doubles keep their digits', () => {
    const stored = Int32Array.of(2 ** 30 + 1);
    expect(
      decodeStored(stored, 'int32', { ...decoding, scale: 1, offset: 0, validMax: 2 ** 31 })[0],
    ).toBe(2 ** 30 + 1);
  });
  it('a product may give codes another meaning', async () => {
    const variable = counted({ dims: ['y', 'x'], shape: [1, 5] });
    const other = redecode(variable, { name: 'sic', units: '%', decoding });
    expect(Array.from((await other.read()).data)).toEqual([1, 1.5, 2, NaN, 3]);
    expect([other.name, other.units, variable.name]).toEqual(['sic', '%', 'v']);
  });
  it('regions outside are refused', async () => {
    const variable = counted({ dims: ['y', 'x'], shape: [2, 3] });
    await failure(() => variable.read({ start: [0, 1], count: [2, 3] }), 'WrongShape');
    await failure(() => variable.read({ start: [0], count: [2] }), 'WrongShape');
  });
});

it('stacks the bands of an image, opacity as mask; bytes stay bytes', async () => {
  const path = join(folder, 'rgba.png');
  const data = Uint8Array.of(1, 2, 3, 255, 4, 5, 6, 0);
  await writePng(path, { data, width: 2, height: 1, channels: 4 });
  const raster = await readRaster(path);
  expect(raster.kind).toBe('bytes');
  expect(raster.array.shape).toEqual([1, 2, 3]);
  expect(Array.from(raster.mask)).toEqual([1, 0]);
  expect(plain(raster).slice(0, 3)).toEqual([1, 2, 3]);
});

it('a raster goes to a GeoTIFF and back, levels by their number', async () => {
  const path = join(folder, 'values.tif');
  const values = Float32Array.from({ length: 600 * 500 }, (_, i) => (i % 97 === 0 ? NaN : i));
  await writeGeoTiff(path, {
    kind: 'values',
    array: ndarray(values, [600, 500, 1]),
    mask: Uint8Array.from(values, (value) => (Number.isNaN(value) ? 0 : 1)),
    crs: 'EPSG:3413',
    transform: [100, 10, 0, 200, 0, -10],
    time: 18262.5,
    units: 'm',
    nodata: -1,
  });
  const back = await readRaster(path);
  expect(back.array.data).toEqual(values);
  expect(back).toMatchObject({ crs: 'EPSG:3413', time: 18262.5, units: 'm', nodata: -1 });
  const small = await readRaster(path, { level: 1 });
  expect(small.array.shape).toEqual([300, 250, 1]);
  expect(small.transform).toEqual([100, 20, 0, 200, 0, -20]);
});

it('tells formats by content, and says what it read instead', async () => {
  const path = join(folder, 'a.tif');
  writeFileSync(path, 'CDF\x01');
  expect(await formatOf(path)).toBe('netcdf-3');
  writeFileSync(path, 'hello');
  expect(await failure(() => formatOf(path), 'UnsupportedFormat')).toContain('68656c6c6f');
  writeFileSync(path, '');
  expect(await failure(() => formatOf(path), 'UnsupportedFormat')).toContain('an empty file');
  await failure(() => formatOf(folder), 'UnsupportedFormat');
  await failure(() => formatOf(join(folder, 'none')), 'MissingFile');
});

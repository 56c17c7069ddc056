import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readNpy, writeNpy } from '../src/index.js';
import { failure, fixture, temporaryFolder } from './helpers.js';

const folder = temporaryFolder();

describe('readNpy', () => {
  it('reads what numpy wrote', async () => {
    const { shape, data } = await readNpy(fixture('float32.npy'));
    expect(shape).toEqual([2, 7, 5]);
    expect(data).toBeInstanceOf(Float32Array);
    expect(data[6]).toBe(-99);
    expect(data[35 + 17]).toBeNaN();
    expect(data[1]).toBe(Math.fround(Math.sin(1) * 30));
    expect((await readNpy(fixture('float64.npy'))).data).toEqual(Float64Array.from(data));
    expect((await readNpy(fixture('int32.npy'))).data[34]).toBe(-34000);
    expect(await readNpy(fixture('vector.npy'))).toEqual({
      shape: [3],
      data: Int32Array.of(0, 1, 2),
    });
    expect(await readNpy(fixture('scalar.npy'))).toEqual({ shape: [], data: Float32Array.of(2.5) });
    expect(Array.from((await readNpy(fixture('bool.npy'))).data.subarray(0, 4))).toEqual([
      1, 0, 0, 1,
    ]);
  });
  it('turns Fortran order and widens 64-bit integers', async () => {
    const truth = await readNpy(fixture('float32.npy'));
    expect(await readNpy(fixture('fortran.npy'))).toEqual(truth);
    const { data } = await readNpy(fixture('int64.npy'));
    expect(data).toEqual(Float64Array.from({ length: 35 }, (_, i) => i));
  });
  it('refuses what is no array of numbers', async () => {
    expect(await failure(() => readNpy(fixture('npz/text.npy')), 'UnsupportedFormat')).toContain(
      '<U2',
    );
    expect(await failure(() => readNpy(fixture('geotiff/rgb.tif')), 'DamagedFile')).toContain(
      'NumPy',
    );
    expect(await failure(() => readNpy(join(folder, 'none.npy')), 'MissingFile')).toContain(
      'none.npy',
    );
    const cut = join(folder, 'cut.npy');
    writeFileSync(cut, readFileSync(fixture('float32.npy')).subarray(0, 200));
    expect(await failure(() => readNpy(cut), 'DamagedFile')).toMatch(
      /70 values .* Received: 72 bytes/,
    );
  });
});

describe('writeNpy', () => {
  it('writes the bytes that numpy writes', async () => {
    for (const name of ['float32', 'uint8', 'int32', 'vector', 'scalar']) {
      const path = join(folder, `${name}.npy`);
      const { shape, data } = await readNpy(fixture(`${name}.npy`));
      if (!(
        data instanceof Float32Array ||
        data instanceof Uint8Array ||
        data instanceof Int32Array
      ))
        throw new Error('not written');
      await writeNpy(path, { shape, data });
      expect(readFileSync(path).equals(readFileSync(fixture(`${name}.npy`)))).toBe(true);
    }
  });
  it('refuses a shape that does not fit', async () => {
    const path = join(folder, 'wrong.npy');
    const write = () => writeNpy(path, { shape: [2, 2], data: new Float32Array(3) });
    expect(await failure(write, 'WrongShape')).toMatch(/4 values .* Received: 3/);
  });
});

import { cpSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCube, writeCube, type SicCube } from '../src/index.js';
import { expectedCube, failure, fixture, smallCube, temporaryFolder } from './helpers.js';

const folder = temporaryFolder();

describe('round trip', () => {
  const kinds = {
    quantised: { value: (i: number) => Math.fround((i % 251) / 250), dtype: 'uint8' },
    free: { value: (i: number) => Math.fround(Math.abs(Math.sin(i))), dtype: 'float32' },
  };
  for (const [name, { value, dtype }] of Object.entries(kinds)) {
    for (const steps of [1, 32, 71]) {
      it(`${name}, ${steps} steps: the same cube`, async () => {
        const path = join(folder, `${name}-${steps}.zarr`);
        const cube = smallCube(steps, value);
        await writeCube(path, cube);
        expect(await readCube(path)).toEqual(cube);
        const metadata = JSON.parse(readFileSync(join(path, 'sic/zarr.json'), 'utf8'));
        expect(metadata).toMatchObject({ data_type: dtype, dimension_names: ['time', 'y', 'x'] });
      });
    }
  }
  it('with pole hole and flags', async () => {
    const cube: SicCube = {
      ...smallCube(40, () => 0.5),
      poleHole: Uint8Array.from({ length: 20 }, (_, i) => (i === 9 ? 1 : 0)),
      flags: {
        surface: Uint8Array.from({ length: 20 }, (_, i) => (i === 3 ? 2 : 0)),
        missing: Int32Array.from({ length: 40 }, (_, t) => (t === 0 ? 1 : 0)),
      },
    };
    await writeCube(join(folder, 'flags.zarr'), cube);
    expect(await readCube(join(folder, 'flags.zarr'))).toEqual(cube);
    const part = await readCube(join(folder, 'flags.zarr'), { from: '2016-07-20' });
    expect(part.flags?.missing).toEqual(new Int32Array(38));
  });
  it('every byte value survives the scale factor of other readers', () => {
    for (let k = 0; k <= 250; k++) expect(Math.fround(k * 0.004)).toBe(Math.fround(k / 250));
  });
  it('reads a range of days, across chunks', async () => {
    const cube = smallCube(71, (i) => Math.fround((i % 251) / 250));
    await writeCube(join(folder, 'range.zarr'), cube);
    const progress: unknown[] = [];
    const part = await readCube(join(folder, 'range.zarr'), {
      from: '2016-08-10',
      to: '2016-09-20',
      onProgress: (p) => progress.push(p),
    });
    expect(part.days[0]).toBe(17023);
    expect(part.days.at(-1)).toBe(17064);
    expect(part.sic).toEqual(cube.sic.subarray(23 * 20, 65 * 20));
    expect(progress.at(-1)).toEqual({ done: 42, total: 42 });
    const message = await failure(
      () => readCube(join(folder, 'range.zarr'), { from: '2019-01-01' }),
      'InvalidValue',
    );
    expect(message).toContain('2016-07-18 to 2016-09-26');
  });
});

describe('stores of zarr-python', () => {
  const expected = expectedCube();
  for (const name of ['v3-float32', 'v3-uint8', 'v2-uint8', 'v2-int16']) {
    it(name, async () => {
      const cube = await readCube(fixture(`${name}.zarr`));
      expect([cube.days.length, cube.height, cube.width]).toEqual(expected.shape);
      expect(Array.from(cube.days)).toEqual(expected.days);
      expect(Array.from(cube.ocean)).toEqual(expected.ocean);
      expect(Array.from(cube.area)).toEqual(expected.area);
      expect(cube.grid).toMatchObject({ name: 'tiny', crs: 'EPSG:3411' });
      expect(cube.attrs).toEqual({ source: 'zarr-python', synthetic: true });
      expected.sic.forEach((value, i) => {
        if (value === null) expect(cube.sic[i]).toBeNaN();
        else expect(cube.sic[i]).toBeCloseTo(value, 6);
      });
    });
  }
});

describe('bad cubes and stores', () => {
  it('are not written', async () => {
    const path = join(folder, 'bad.zarr');
    const cube = smallCube(3, () => 0.5);
    const write = (change: Partial<SicCube>) => () => writeCube(path, { ...cube, ...change });
    expect(await failure(write({ ocean: new Uint8Array(3) }), 'WrongShape')).toMatch(
      /20 values in ocean.*Received: 3/,
    );
    expect(await failure(write({ days: Int32Array.of(3, 3, 4) }), 'InvalidValue')).toContain(
      'increase',
    );
    const percent = write({ sic: new Float32Array(60).fill(90) });
    expect(await failure(percent, 'InvalidValue')).toContain('Divide percent by 100');
    expect(readdirSync(folder).some((name) => name.includes('bad.zarr'))).toBe(false);
  });
  it('an earlier store is replaced whole', async () => {
    const path = join(folder, 'again.zarr');
    await writeCube(
      path,
      smallCube(70, () => 0.5),
    );
    await writeCube(
      path,
      smallCube(3, () => 0.25),
    );
    expect((await readCube(path)).days.length).toBe(3);
    expect(readdirSync(join(path, 'sic/c'))).toEqual(['0']);
  });
  it('missing, no store, damaged chunk', async () => {
    expect(await failure(() => readCube(join(folder, 'none.zarr')), 'MissingFile')).toContain(
      'none.zarr',
    );
    expect(await failure(() => readCube(fixture('.')), 'UnsupportedFormat')).toContain(
      'Zarr group',
    );
    const path = join(folder, 'damaged.zarr');
    await writeCube(
      path,
      smallCube(40, () => 0.5),
    );
    truncateSync(join(path, 'sic/c/1/0/0'), 20);
    expect(await failure(() => readCube(path), 'DamagedFile')).toContain('sic, chunk 1/0/0');
    expect((await readCube(path, { to: '2016-07-20' })).days.length).toBe(3);
    const cut = join(folder, 'metadata.zarr');
    cpSync(path, cut, { recursive: true });
    writeFileSync(join(cut, 'sic/zarr.json'), '{');
    expect(await failure(() => readCube(cut), 'UnsupportedFormat')).toContain('metadata.zarr');
  });
});

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRasterError } from '../../src/errors.js';
import { openNpy, openNpz, readNpz } from '../../src/npz/open-npz.js';
import { failure, fixture, temporaryFolder } from '../helpers.js';
import { damage, repeatable } from '../jp2/helpers.js';

const folder = temporaryFolder();
const expected: Readonly<
  Record<string, { readonly shape: readonly number[]; readonly values: readonly number[] }>
> = JSON.parse(readFileSync(fixture('npz/expected.json'), 'utf8'));
const OLCI = join(
  process.env['ARCTIC_REAL_DATA'] ?? join(import.meta.dirname, '../../../../../shared/data'),
  'olci-leads/1x1_training_set.npz',
);

describe('openNpz', () => {
  it.each(['stored.npz', 'deflated.npz'])('reads every numeric type of %s', async (name) => {
    const file = await openNpz(fixture(`npz/${name}`));
    expect(file.variables.map((variable) => variable.name)).toEqual(Object.keys(expected));
    for (const variable of file.variables) {
      const truth = expected[variable.name];
      expect(variable.shape).toEqual(truth?.shape);
      expect(Array.from(await variable.readStored())).toEqual(truth?.values);
    }
    const types = Object.fromEntries(file.variables.map(({ name, dtype }) => [name, dtype]));
    expect(types).toMatchObject({ little_b1: 'uint8', big_u8: 'uint64', big_f2: 'float32' });
    await file.close();
  });

  it('reads windows in C and in Fortran order', async () => {
    const file = await openNpz(fixture('npz/stored.npz'));
    for (const name of ['big_i4', 'fortran']) {
      const variable = file.variables.find((one) => one.name === name);
      const [, rows = 0, columns = 0] = variable?.shape ?? [];
      const window = await variable?.readStored({ start: [1, 1, 2], count: [1, 2, 2] });
      const at = (t: number, y: number, x: number) =>
        expected[name]?.values[(t * rows + y) * columns + x];
      expect(Array.from(window ?? [])).toEqual([
        at(1, 1, 2),
        at(1, 1, 3),
        at(1, 2, 2),
        at(1, 2, 3),
      ]);
    }
    await file.close();
  });

  it('refuses archives without numbers, and damage', async () => {
    expect(await failure(() => openNpz(fixture('npz/only-text.npz')), 'UnsupportedFormat')).toMatch(
      /only-text\.npz\/text\.npy.*Received: <U2/,
    );
    await failure(() => openNpz(fixture('npz/text.npy')), 'DamagedFile');
    const bytes = readFileSync(fixture('npz/stored.npz'));
    const at = bytes.indexOf('fortran_order', bytes.indexOf('vector.npy')) + 120;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(join(folder, 'turned.npz'), bytes);
    expect(await failure(() => readNpz(join(folder, 'turned.npz')), 'DamagedFile')).toContain(
      'CRC',
    );
  });

  it('does not unpack more than a member claims', async () => {
    const bytes = readFileSync(fixture('npz/deflated.npz'));
    // Sizes in the central directory, made one byte smaller.
    for (let at = bytes.indexOf('PK\x01\x02'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 4)) {
      bytes.writeUInt32LE(bytes.readUInt32LE(at + 24) - 1, at + 24);
    }
    writeFileSync(join(folder, 'bomb.npz'), bytes);
    await failure(() => readNpz(join(folder, 'bomb.npz')), 'DamagedFile');
  });

  it('ends damaged copies in arrays or a RasterError', async () => {
    const random = repeatable(3);
    const path = join(folder, 'damaged.npz');
    for (const name of ['stored.npz', 'deflated.npz']) {
      const bytes = readFileSync(fixture(`npz/${name}`));
      for (let i = 0; i < 40; i++) {
        writeFileSync(path, damage(bytes, random));
        await readNpz(path).catch((error: unknown) =>
          expect(isRasterError(error), String(error)).toBe(true),
        );
      }
    }
  });

  it.skipIf(!existsSync(OLCI))('reads the OLCI lead pixels as numpy does', async () => {
    const { x, y } = Object.fromEntries(await readNpz(OLCI));
    expect([x?.shape, y?.shape]).toEqual([[9909, 21], [9909]]);
    expect(Array.from(x?.data.subarray(0, 3) ?? [])).toEqual([
      0.8483963353987466, 0.8548998998028668, 0.8902739229679073,
    ]);
    expect(Array.from(y?.data ?? []).filter((value) => value === 1)).toHaveLength(4843);
  });
});

describe('openNpy', () => {
  it('opens one variable', async () => {
    const file = await openNpy(fixture('npz/fortran.npy'));
    const [variable] = file.variables;
    expect([variable?.name, variable?.dims]).toEqual(['array', ['axis0', 'axis1', 'axis2']]);
    expect(Array.from(await (variable?.readStored() ?? []))).toEqual(expected['fortran']?.values);
    await file.close();
    const big = await openNpy(fixture('npz/big_i2.npy'));
    expect(Array.from((await big.variables[0]?.readStored()) ?? [])).toEqual(
      expected['big_i2']?.values,
    );
    await big.close();
  });
  it.each(['text', 'objects', 'fields', 'complex'])('refuses %s', async (name) => {
    await failure(() => openNpy(fixture(`npz/${name}.npy`)), 'UnsupportedFormat');
  });
});

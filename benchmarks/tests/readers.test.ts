import { describe, expect, it } from 'vitest';
import { agrees, tableOf } from '../src/compare/answer.js';
import { mutate, randomFrom } from '../src/fuzz/mutate.js';

describe('damaged copies', () => {
  const whole = Uint8Array.from({ length: 5000 }, (_, i) => i % 251);
  it('come out the same from the same seed, and leave the original as it was', () => {
    const before = whole.slice();
    expect(mutate(whole, randomFrom(3))).toEqual(mutate(whole, randomFrom(3)));
    expect(whole).toEqual(before);
  });
  it('are cut short or changed, of every kind', () => {
    let [cut, changed] = [0, 0];
    for (let seed = 0; seed < 200; seed++) {
      const copy = mutate(whole, randomFrom(seed * 7919));
      if (copy.length < whole.length) cut += 1;
      else if (copy.some((byte, i) => byte !== whole[i])) changed += 1;
    }
    expect(cut).toBeGreaterThan(15);
    expect(changed).toBeGreaterThan(100);
  });
  it('bear files of a few bytes', () => {
    for (let seed = 0; seed < 50; seed++)
      expect(mutate(Uint8Array.of(1, 2), randomFrom(seed)).length).toBeLessThanOrEqual(2);
  });
});

describe('the table of comparisons', () => {
  const answer = { names: true, values: true, mask: true, crs: true, transform: true, time: true };
  it('counts a row as equal only where everything is', () => {
    const row = { file: 'a.nc', reader: 'netcdf-4', answer };
    expect(agrees(row)).toBe(true);
    expect(agrees({ ...row, answer: { ...answer, crs: false } })).toBe(false);
    expect(agrees({ ...row, answer: { ...answer, area: false } })).toBe(false);
    expect(agrees({ ...row, answer: { error: 'Python ended' } })).toBe(false);
  });
  it('names what differs', () => {
    const text = tableOf([
      { file: 'a.nc', reader: 'netcdf-4', answer: { ...answer, mask: false, largest: 0.5 } },
      { file: 'b.nc', reader: '', answer: { error: 'no such file' } },
    ]);
    expect(text).toMatch(/a\.nc +netcdf-4 .*ok +ok +DIFFERENT +ok +ok +ok +5\.0e-1/);
    expect(text).toContain('no such file');
  });
});

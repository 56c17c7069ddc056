import { RasterError } from './errors.js';
import type { SicCube } from './sic-cube.js';

/**
 * Checks what the type of a cube cannot say: sizes that fit, days that increase, values in 0..1.
 *
 * @throws RasterError `WrongShape`, `InvalidValue`; `name` is the file in the message.
 */
export function assertCube(name: string, cube: SicCube): void {
  const { height, width, days, sic } = cube;
  const plane = height * width;
  if (days.length === 0 || plane === 0) {
    throw wrongShape(
      name,
      'at least one step, row and column',
      `[${days.length}, ${height}, ${width}]`,
    );
  }
  const sizes: readonly (readonly [string, number | undefined, number])[] = [
    ['sic [T,H,W]', sic.length, days.length * plane],
    ['ocean [H,W]', cube.ocean.length, plane],
    ['area [H,W]', cube.area.length, plane],
    ['poleHole [H,W]', cube.poleHole?.length, plane],
    ['filled [T,H,W]', cube.filled?.length, days.length * plane],
    ['flags.surface [H,W]', cube.flags?.surface.length, plane],
    ['flags.missing [T]', cube.flags?.missing.length, days.length],
  ];
  for (const [what, received, expected] of sizes) {
    if (received !== undefined && received !== expected) {
      throw wrongShape(name, `${expected} values in ${what}`, `${received}`);
    }
  }
  for (let t = 1; t < days.length; t++) {
    const [before = 0, day = 0] = days.subarray(t - 1, t + 1);
    if (day <= before) {
      throw new RasterError(
        'InvalidValue',
        `${name}: expected days that increase. Received: ${before} then ${day} at step ${t}. Sort the steps and remove duplicates.`,
      );
    }
  }
  for (let i = 0; i < sic.length; i++) {
    const value = sic[i] ?? NaN;
    if (value < 0 || value > 1) {
      throw new RasterError(
        'InvalidValue',
        `${name}: expected concentration as a fraction 0..1, NaN where missing. Received: ${value} at step ${Math.floor(i / plane)}. Divide percent by 100, and make flags NaN.`,
      );
    }
  }
}

function wrongShape(name: string, expected: string, received: string): RasterError {
  return new RasterError(
    'WrongShape',
    `${name}: expected ${expected}. Received: ${received}. Make the arrays of the cube fit its days, height and width.`,
  );
}

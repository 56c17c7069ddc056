import { addAlignedOctave, addTurnedOctave, gradientTable } from './gradient-noise.js';
import type { Rng } from './rng.js';

/** How a noise field looks. Lengths are in pixels, angles in radians. */
interface NoiseOptions {
  /** Wavelength of the coarsest octave across the grain, in pixels. */
  readonly scale: number;
  /** How much longer the features are along `angle` than across it. @default 1 */
  readonly aspect?: number;
  /** Direction of the grain. @default 0 */
  readonly angle?: number;
  /** Number of octaves, each of half the wavelength. @default 3 */
  readonly octaves?: number;
  /** Amplitude of an octave over that of the one before. @default 0.5 */
  readonly gain?: number;
  /** `smooth` is plain gradient noise; `ridged` has sharp crests at 1, which draw lines. @default 'smooth' */
  readonly kind?: 'smooth' | 'ridged';
}

/**
 * Returns fractal gradient noise, float32 [H,W]: about −1..1 with mean 0 (`smooth`), or 0..1 with
 * crests at 1 (`ridged`).
 */
export function fractalNoise(
  rng: Rng,
  width: number,
  height: number,
  options: NoiseOptions,
): Float32Array {
  const { scale, octaves = 3 } = options;
  const finest = scale / 2 ** (octaves - 1);
  // Where every wavelength is long, a coarse grid enlarged is the same picture for a fraction of the time.
  const step = finest >= 24 ? 4 : finest >= 10 ? 2 : 1;
  if (step === 1) return sample(rng, width, height, 1, options);
  const coarseWidth = Math.ceil(width / step) + 1;
  const coarseHeight = Math.ceil(height / step) + 1;
  const coarse = sample(rng, coarseWidth, coarseHeight, step, options);
  return enlarge(coarse, coarseWidth, width, height, step);
}

function sample(
  rng: Rng,
  width: number,
  height: number,
  step: number,
  options: NoiseOptions,
): Float32Array {
  const { scale, aspect = 1, angle = 0, octaves = 3, gain = 0.5, kind = 'smooth' } = options;
  const out = new Float32Array(width * height);
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  let amplitude = 1;
  let total = 0;
  for (let octave = 0; octave < octaves; octave++) {
    const frequency = (step / scale) * 2 ** octave;
    const octaveOf = {
      gradients: gradientTable(rng),
      xStart: rng.uniform(0, 256),
      yStart: rng.uniform(0, 256),
      amplitude,
      ridged: kind === 'ridged',
    };
    if (aspect === 1) {
      addAlignedOctave(out, width, height, octaveOf, frequency);
    } else {
      addTurnedOctave(out, width, height, octaveOf, {
        xByColumn: (frequency * cos) / aspect,
        xByRow: (frequency * sin) / aspect,
        yByColumn: -frequency * sin,
        yByRow: frequency * cos,
      });
    }
    total += amplitude;
    amplitude *= gain;
  }
  const norm = kind === 'ridged' ? 1 / total : 1.5 / total;
  for (let i = 0; i < out.length; i++) out[i] = (out[i] ?? 0) * norm;
  return out;
}

/** Returns a coarse grid, one point every `step` pixels, brought to full size by bilinear interpolation. */
function enlarge(
  coarse: Float32Array,
  coarseWidth: number,
  width: number,
  height: number,
  step: number,
): Float32Array {
  const out = new Float32Array(width * height);
  const line = new Float32Array(coarseWidth + 1);
  for (let row = 0; row < height; row++) {
    const top = Math.floor(row / step) * coarseWidth;
    const fy = (row % step) / step;
    for (let column = 0; column < coarseWidth; column++) {
      const above = coarse[top + column] ?? 0;
      line[column] = above + ((coarse[top + coarseWidth + column] ?? 0) - above) * fy;
    }
    let i = row * width;
    const end = i + width;
    for (let left = 0; i < end; left++) {
      let value = line[left] ?? 0;
      const rise = ((line[left + 1] ?? 0) - value) / step;
      for (let k = 0; k < step && i < end; k++, i++) {
        out[i] = value;
        value += rise;
      }
    }
  }
  return out;
}

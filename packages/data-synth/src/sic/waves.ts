import type { Rng } from '../rng.js';

/** A random field that changes slowly from day to day. */
interface DriftingField {
  /** The field of the present day, [H,W]; overwritten by `advance`. */
  readonly values: Float32Array;
  /** Goes on by one day. */
  advance(): void;
}

/** How a drifting field behaves. */
interface DriftingFieldOptions {
  readonly height: number;
  readonly width: number;
  /** Shortest and longest wavelength in cells. */
  readonly wavelengths: readonly [number, number];
  /** Standard deviation of the field. */
  readonly deviation: number;
  /** Days after which the memory has fallen to 1/e. */
  readonly memoryDays: number;
  /** Number of plane waves summed. @default 16 */
  readonly waves?: number;
}

/**
 * Creates a Gaussian random field of plane waves whose amplitudes follow first-order autoregressive
 * processes, so that each place remembers its value for `memoryDays`.
 */
export function createDriftingField(rng: Rng, options: DriftingFieldOptions): DriftingField {
  const { height, width, wavelengths, deviation, memoryDays, waves = 16 } = options;
  const n = height * width;
  const basis: Float32Array[] = [];
  const amplitudes = new Float64Array(2 * waves);
  const keep = Math.exp(-1 / memoryDays);
  const each = deviation / Math.sqrt(waves);
  const kick = each * Math.sqrt(1 - keep * keep);
  for (let wave = 0; wave < waves; wave++) {
    const [shortest, longest] = wavelengths;
    const length = shortest * (longest / shortest) ** rng.next();
    const angle = rng.uniform(0, 2 * Math.PI);
    const kx = (2 * Math.PI * Math.cos(angle)) / length;
    const ky = (2 * Math.PI * Math.sin(angle)) / length;
    const cosine = new Float32Array(n);
    const sine = new Float32Array(n);
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        cosine[row * width + column] = Math.cos(kx * column + ky * row);
        sine[row * width + column] = Math.sin(kx * column + ky * row);
      }
    }
    basis.push(cosine, sine);
    amplitudes[2 * wave] = each * rng.normal();
    amplitudes[2 * wave + 1] = each * rng.normal();
  }
  const values = new Float32Array(n);
  const render = (): void => {
    values.fill(0);
    basis.forEach((field, k) => {
      const amplitude = amplitudes[k] ?? 0;
      for (let i = 0; i < n; i++) values[i] = (values[i] ?? 0) + amplitude * (field[i] ?? 0);
    });
  };
  render();
  return {
    values,
    advance() {
      for (let k = 0; k < amplitudes.length; k++) {
        amplitudes[k] = keep * (amplitudes[k] ?? 0) + kick * rng.normal();
      }
      render();
    },
  };
}

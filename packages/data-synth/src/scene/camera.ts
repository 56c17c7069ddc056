import { blurInto, clamp, smoothstep } from '../fields.js';
import { fractalNoise } from '../noise.js';
import type { Rng } from '../rng.js';
import type { Surface } from './surface.js';

/** The brightness and contrast a picture is exposed to, on the scale 0..1 of its channels. */
export interface Exposure {
  /** Mean of the exposed pixels. */
  readonly mean: number;
  /** Standard deviation of the exposed pixels. */
  readonly deviation: number;
}

/** What the camera and the air did to a scene: recorded as truth, never a hint of the class. */
export interface CameraTruth {
  readonly haze: number;
  readonly cloud: number;
  readonly blur: number;
  readonly noise: number;
  readonly striping: number;
  readonly gamma: number;
}

/** How a picture is taken. */
interface CameraOptions {
  readonly width: number;
  readonly height: number;
  readonly exposure: Exposure;
  /** 1 where a pixel counts for the exposure, as in spot metering, uint8 [H,W]. @default every pixel */
  readonly metered?: Uint8Array;
  /** How often thin cloud wisps drift over the scene. @default 0.35 */
  readonly cloudChance?: number;
}

/** How much red, green and blue lose per unit of wetness. */
const WATER_COLOUR = [-0.32, -0.06, 0.08] as const;

/**
 * Returns the picture of a surface, uint8 [H,W,3], and what air and camera did: sun gradient, cloud
 * shadow, haze, wisps, blur, gamma, exposure with a random tint, sensor noise, striping.
 *
 * Exposure and white balance bring the picture to the mean and deviation asked for, as an automatic
 * camera would, so that brightness and colour cast say little of what was photographed.
 */
export function takePicture(
  rng: Rng,
  surface: Surface,
  options: CameraOptions,
): { image: Uint8Array; truth: CameraTruth } {
  const { width, height, exposure, metered, cloudChance = 0.35 } = options;
  const n = width * height;
  const truth: CameraTruth = {
    haze: rng.chance(0.5) ? rng.uniform(0.05, 0.35) : 0,
    cloud: rng.chance(cloudChance) ? rng.uniform(0.15, 0.5) : 0,
    blur: rng.chance(0.6) ? rng.uniform(0.05, 1) : 0,
    noise: rng.uniform(0.004, 0.022) * (rng.chance(0.3) ? 1.6 : 1),
    striping: rng.chance(0.2) ? rng.uniform(0.003, 0.01) : 0,
    gamma: rng.uniform(0.75, 1.3),
  };
  const { light, veil } = air(rng.fork('air'), width, height, truth);
  const image = new Uint8Array(n * 3);
  const grain = rng.fork('grain');
  const stripes = Float32Array.from({ length: height }, () => truth.striping * grain.normal());
  // Light and white balance err along warm to cool, hardly along green to magenta.
  const warmth = 0.03 * rng.normal() - 0.02;
  const tint = [1 + warmth, 1 + 0.012 * rng.normal(), 1 - warmth];
  const plane = new Float32Array(n);
  // Green sets the contrast of all: colours of one scene keep their relations, as after white balance.
  let contrast: number | undefined;
  for (const channel of [1, 0, 2]) {
    const colour = WATER_COLOUR[channel] ?? 0;
    for (let i = 0; i < n; i++) {
      const reflected = (surface.luminance[i] ?? 0) * (1 + colour * (surface.wetness[i] ?? 0));
      const thick = veil[i] ?? 0;
      plane[i] = reflected * (light[i] ?? 1) * (1 - thick) + 0.8 * thick;
    }
    blurBy(plane, width, height, truth.blur);
    develop(plane, truth.gamma);
    const seen = meter(plane, metered);
    contrast ??= (exposure.deviation * seen.mean) / seen.deviation;
    const gain = tint[channel] ?? 1;
    const jitter = Math.exp(0.04 * rng.normal());
    expose(plane, seen.mean, exposure.mean * gain, contrast * gain * jitter);
    for (let row = 0; row < height; row++) {
      const stripe = stripes[row] ?? 0;
      for (let i = row * width; i < (row + 1) * width; i++) {
        const value = (plane[i] ?? 0) + stripe + truth.noise * softNormal(grain.bits());
        image[i * 3 + channel] = clamp(value * 255 + 0.5, 0, 255);
      }
    }
  }
  return { image, truth };
}

/** The gamma curve is a table over 0..CURVE_TOP. */
const CURVE_STEPS = 1024;
const CURVE_TOP = 1.6;

/** Sunlight that reaches each pixel, and the veil of haze and wisps over it. */
function air(
  rng: Rng,
  width: number,
  height: number,
  truth: CameraTruth,
): { light: Float32Array; veil: Float32Array } {
  const clouds = fractalNoise(rng.fork('clouds'), width, height, {
    scale: rng.uniform(70, 130),
    aspect: rng.uniform(1, 2.5),
    angle: rng.uniform(0, Math.PI),
    octaves: 3,
    gain: 0.55,
  });
  const slope = rng.uniform(0, 0.22);
  const angle = rng.uniform(0, 2 * Math.PI);
  const byColumn = (slope * Math.cos(angle)) / width;
  const byRow = (slope * Math.sin(angle)) / height;
  const shadow = rng.chance(0.25) ? rng.uniform(0.08, 0.25) : 0;
  const light = new Float32Array(width * height);
  const veil = clouds;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const i = row * width + column;
      const cloud = clouds[i] ?? 0;
      const sun = 1 + byColumn * (column - width / 2) + byRow * (row - height / 2);
      light[i] = sun * (1 - shadow * smoothstep(0.1, 0.6, -cloud));
      veil[i] = clamp(
        truth.haze * (0.8 + 0.3 * cloud) + truth.cloud * smoothstep(0, 0.7, cloud),
        0,
        0.85,
      );
    }
  }
  return { light, veil };
}

/** Blurs by up to three light passes; `amount` 0 leaves the picture sharp. */
function blurBy(plane: Float32Array, width: number, height: number, amount: number): void {
  for (let left = amount * 3; left > 0; left--) {
    blurInto(plane, width, height, 0.25 * Math.min(1, left));
  }
}

/** Bends a channel by a gamma curve. */
function develop(plane: Float32Array, gamma: number): void {
  const curve = Float32Array.from({ length: CURVE_STEPS + 2 }, (_, k) =>
    Math.pow(k / CURVE_STEPS, gamma),
  );
  for (let i = 0; i < plane.length; i++) {
    const at = clamp((plane[i] ?? 0) / CURVE_TOP, 0, 1) * CURVE_STEPS;
    const step = Math.floor(at);
    const low = curve[step] ?? 0;
    plane[i] = low + ((curve[step + 1] ?? 0) - low) * (at - step);
  }
}

/** Mean and deviation of a channel over the metered pixels. */
function meter(plane: Float32Array, metered: Uint8Array | undefined): Exposure {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < plane.length; i++) {
    if (metered !== undefined && metered[i] !== 1) continue;
    const value = plane[i] ?? 0;
    count++;
    sum += value;
    squares += value * value;
  }
  const mean = Math.max(sum / Math.max(count, 1), 1e-4);
  const variance = squares / Math.max(count, 1) - mean * mean;
  return { mean, deviation: Math.sqrt(Math.max(variance, 1e-8)) };
}

/** Brings a channel of mean `from` to mean `to`, its relative deviations stretched by `contrast`. */
function expose(plane: Float32Array, from: number, to: number, contrast: number): void {
  const gain = contrast / from;
  for (let i = 0; i < plane.length; i++) {
    const value = ((plane[i] ?? 0) - from) * gain;
    // A soft shoulder and toe, as film has, keeps the ends from clipping hard.
    plane[i] = to + (value > 0 ? shoulder(value, 0.98 - to) : -shoulder(-value, to - 0.02));
  }
}

/** `value` bent so that it never passes `room`. */
function shoulder(value: number, room: number): number {
  const knee = 0.6 * room;
  if (value <= knee) return value;
  const over = (value - knee) / (room - knee);
  return knee + ((room - knee) * over) / (1 + over);
}

/** A nearly normal number of mean 0 and deviation 1 from the four bytes of one draw. */
function softNormal(bits: number): number {
  const sum = (bits & 255) + ((bits >>> 8) & 255) + ((bits >>> 16) & 255) + (bits >>> 24);
  return (sum - 510) / 147.8;
}

import { fractalNoise } from '../noise.js';
import { hillshade, smoothstep } from '../fields.js';
import type { Rng } from '../rng.js';
import type { Surface } from './surface.js';

/** Returns a sea surface: wind sea and swell lit by the sun, glint, whitecaps and foam lines. */
export function openWater(rng: Rng, width: number, height: number, sunAngle: number): Surface {
  const wind = rng.uniform(0, 2 * Math.PI);
  const waveLength = rng.uniform(9, 18);
  const sea = fractalNoise(rng.fork('sea'), width, height, {
    scale: waveLength,
    aspect: rng.uniform(2.2, 4),
    angle: wind + Math.PI / 2,
    octaves: 3,
    gain: rng.uniform(0.35, 0.55),
  });
  addSwell(sea, rng.fork('swell'), width, height, wind);
  const slope = hillshade(sea, width, height, sunAngle);

  const glint = fractalNoise(rng.fork('glint'), width, height, { scale: 170, octaves: 2 });
  const glintGain = rng.chance(0.5) ? rng.uniform(0.25, 0.7) : 0;
  const foamGain = rng.chance(0.5) ? rng.uniform(0.02, 0.06) : 0;
  const rows =
    foamGain === 0
      ? undefined
      : fractalNoise(rng.fork('foam'), width, height, {
          scale: rng.uniform(14, 26),
          aspect: rng.uniform(8, 14),
          angle: wind,
          octaves: 2,
        });
  const gusts = fractalNoise(rng.fork('gusts'), width, height, { scale: 90, octaves: 2 });
  const gustGain = rng.uniform(0.005, 0.03);
  const capLevel = rng.chance(0.45) ? rng.uniform(0.62, 0.85) : 9;

  const luminance = new Float32Array(width * height);
  const wetness = new Float32Array(width * height).fill(0.75);
  const base = rng.uniform(0.12, 0.2);
  const waveGain = rng.uniform(0.25, 0.42);
  for (let i = 0; i < luminance.length; i++) {
    const facing = slope[i] ?? 0;
    const crest = sea[i] ?? 0;
    const gust = gusts[i] ?? 0;
    let value = base + facing * waveGain * (1 + 0.6 * gust) + crest * 0.025 + gust * gustGain;
    value += foamGain * smoothstep(0.25, 0.6, rows?.[i] ?? 0);
    const sparkle = facing > 0.03 ? facing - 0.03 : 0;
    value += glintGain * sparkle * smoothstep(-0.2, 0.7, glint[i] ?? 0) * 2;
    const cap = smoothstep(capLevel, capLevel + 0.15, crest + 0.35 * gust);
    if (cap > 0) {
      value += 0.32 * cap;
      wetness[i] = 0.75 - 0.6 * cap;
    }
    luminance[i] = value < 0.02 ? 0.02 : value;
  }
  return { luminance, wetness };
}

/** Adds one or two long-crested wave trains whose phase wanders, so that crests bend and fade. */
function addSwell(sea: Float32Array, rng: Rng, width: number, height: number, wind: number): void {
  const trains = 1 + rng.int(2);
  for (let train = 0; train < trains; train++) {
    const direction = wind + rng.uniform(-0.7, 0.7);
    const length = rng.uniform(13, 30);
    const amplitude = rng.uniform(0.15, 0.42);
    const wander = fractalNoise(rng.fork(`wander ${train}`), width, height, {
      scale: 110,
      octaves: 2,
    });
    const kx = (2 * Math.PI * Math.cos(direction)) / length;
    const ky = (2 * Math.PI * Math.sin(direction)) / length;
    const start = rng.uniform(0, 2 * Math.PI);
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const i = row * width + column;
        const bend = wander[i] ?? 0;
        const wave = Math.sin(kx * column + ky * row + start + 4 * bend);
        sea[i] = (sea[i] ?? 0) + amplitude * (1 + bend) * (wave + 0.35 * wave * wave);
      }
    }
  }
}

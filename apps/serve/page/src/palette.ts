import { colormap, type ColormapName, type Rgb } from '@arctic/plots/colormap';

/** Colours of a palette, from the lowest value to the highest. */
const STEPS = 256;
/** Pieces that the ramp is measured in: long ones, beside which the rounding of colours is small. */
const PIECES = 64;

const known = new Map<ColormapName, readonly Rgb[]>();

/**
 * A colour map whose steps look alike: the ramp is walked at even lengths in CIELAB.
 *
 * @returns [256] colours.
 */
export function evenPalette(name: ColormapName): readonly Rgb[] {
  const made = known.get(name) ?? evenly(name);
  known.set(name, made);
  return made;
}

function evenly(name: ColormapName): readonly Rgb[] {
  const ramp = colormap(name);
  const lengths = [0];
  for (let i = 1; i <= PIECES; i++)
    lengths.push((lengths.at(-1) ?? 0) + difference(ramp((i - 1) / PIECES), ramp(i / PIECES)));
  const total = lengths.at(-1) ?? 1;
  let piece = 0;
  return Array.from({ length: STEPS }, (_, step) => {
    const wanted = (step / (STEPS - 1)) * total;
    while (piece < PIECES - 1 && (lengths[piece + 1] ?? total) < wanted) piece += 1;
    const [from = 0, to = total] = [lengths[piece], lengths[piece + 1]];
    return ramp((piece + (wanted - from) / (to - from)) / PIECES);
  });
}

/** How different two colours look: their distance in CIELAB. */
export function difference(a: Rgb, b: Rgb): number {
  const [p, q] = [lab(a), lab(b)];
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

function lab(color: Rgb): readonly [number, number, number] {
  const [r, g, b] = color.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number]; // three go in
  const bend = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = bend((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
  const y = bend(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = bend((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

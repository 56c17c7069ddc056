/** A colour as red, green and blue, 0..255. */
export type Rgb = readonly [number, number, number];

/**
 * A named run of colours, each from low to high and even to the eye:
 * `ice` for concentration (dark sea to white ice), `viridis` and `cividis` for anything else, `vik`
 * (blue, white, orange-brown; Crameri 2018) for differences.
 */
export type ColormapName = 'ice' | 'viridis' | 'cividis' | 'vik';

const STOPS: Readonly<Record<ColormapName, string>> = {
  ice: '0a1a33 123a66 1d5f96 3f8abb 7db4d4 b6d8e8 e2f1f6 ffffff',
  viridis: '440154 482878 3e4989 31688e 26828e 1f9e89 35b779 6dcd59 b4de2c fde725',
  cividis: '00224e 123570 3b496c 575d6d 707173 8a8678 a59c74 c3b369 e1cc55 fee838',
  vik: '001261 033e7d 1e6f9d 71a8c4 c9dde7 f5f3f1 eacebd d39774 be6533 8b2706 590008',
};

/** Missing values, and land: warm greys that no map above holds. */
export const MISSING: Rgb = [178, 172, 165];
export const LAND: Rgb = [92, 86, 79];

/** The function from 0..1 to a colour; values outside take the end's colour. */
export function colormap(name: ColormapName): (part: number) => Rgb {
  const stops = STOPS[name].split(' ').map(fromHex);
  return (part) => {
    const at = Math.min(1, Math.max(0, part)) * (stops.length - 1);
    const below = Math.min(stops.length - 2, Math.floor(at));
    const [low, high] = [stops[below] ?? MISSING, stops[below + 1] ?? MISSING];
    return mix(low, high, at - below);
  };
}

/** The colour `part` of the way from one to the other. */
export function mix(from: Rgb, to: Rgb, part: number): Rgb {
  const channel = (c: 0 | 1 | 2) => Math.round(from[c] + (to[c] - from[c]) * part);
  return [channel(0), channel(1), channel(2)];
}

/** A colour as `#rrggbb`. */
export function toHex(color: Rgb): string {
  return `#${color.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** A colour from `#rrggbb` or `rrggbb`. */
export function fromHex(hex: string): Rgb {
  const value = Number.parseInt(hex.replace('#', ''), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** Black or white ink, whichever reads better on the colour. */
export function inkOn([red, green, blue]: Rgb): string {
  return 0.299 * red + 0.587 * green + 0.114 * blue > 145 ? '#16222e' : '#ffffff';
}

import { imageGrid, type ImageTile, type RgbImage } from '@arctic/plots';
import type { RasterFile, RasterVariable } from '@arctic/raster';
import type { FileReport, VariableReport } from './describe.js';

/** Longer side of a drawn variable, pixels. */
const SIDE = 380;

/** Variables drawn at most. */
const MOST = 12;

/** Colours from low to high (viridis), and of what is missing. */
const STOPS = ['440154', '414487', '2a788e', '22a884', '7ad151', 'fde725'].map((hex) => [
  Number.parseInt(hex.slice(0, 2), 16),
  Number.parseInt(hex.slice(2, 4), 16),
  Number.parseInt(hex.slice(4, 6), 16),
]);
const MISSING = [178, 172, 165] as const;

/** Pictures of the variables of a file, as SVG; null where none has rows and columns. */
export async function drawFile(file: RasterFile, report: FileReport): Promise<string | null> {
  const drawable = file.variables.filter(
    ({ shape }) => shape.length >= 2 && Math.min(...shape.slice(-2)) > 1,
  );
  const colours = ['red', 'green', 'blue'].map((name) =>
    drawable.find(({ attributes }) => attributes['colour_interpretation'] === name),
  );
  const tiles: ImageTile[] = [];
  const [red, green, blue] = colours;
  if (red && green && blue) {
    const bands = [await thumbnail(red), await thumbnail(green), await thumbnail(blue)];
    tiles.push({ title: 'red, green, blue', rgb: composite(bands) });
  } else {
    for (const variable of drawable.slice(0, MOST)) {
      const numbers = report.variables.find(({ name }) => name === variable.name);
      if (numbers) tiles.push(tileOf(variable, numbers, await thumbnail(variable)));
    }
  }
  if (tiles.length === 0) return null;
  return imageGrid({
    title: report.path.replace(/^.*[/\\]/s, ''),
    tiles,
    columns: Math.min(3, tiles.length),
    size: SIDE,
    legend: [{ name: 'missing', color: '#b2aca5', kind: 'box' }],
  });
}

interface Thumbnail {
  readonly values: Float64Array;
  readonly width: number;
  readonly height: number;
}

/** The first step of a variable, thinned to fit: from the smallest overview that is large enough. */
async function thumbnail(variable: RasterVariable): Promise<Thumbnail> {
  const size = (candidate: RasterVariable) => Math.max(...candidate.shape.slice(-2));
  const source =
    [...variable.overviews].reverse().find((overview) => size(overview) >= SIDE) ?? variable;
  const { shape, placement } = source;
  const rowAxis = placement?.rowAxis ?? shape.length - 2;
  const columnAxis = placement?.columnAxis ?? shape.length - 1;
  const rows = shape[rowAxis] ?? 1;
  const columns = shape[columnAxis] ?? 1;
  const step = Math.max(1, Math.ceil(Math.max(rows, columns) / SIDE));
  const height = Math.ceil(rows / step);
  const width = Math.ceil(columns / step);
  const values = new Float64Array(height * width);
  for (let y = 0; y < height; y++) {
    const row = y * step;
    const start = shape.map(() => 0);
    const count = shape.map(() => 1);
    start[rowAxis] = placement?.rowsFromSouth ? rows - 1 - row : row;
    count[columnAxis] = columns;
    const { data } = await source.read({ start, count });
    for (let x = 0; x < width; x++) {
      const column = x * step;
      values[y * width + x] =
        data[placement?.columnsFromEast ? columns - 1 - column : column] ?? NaN;
    }
  }
  return { values, width, height };
}

function tileOf(variable: RasterVariable, numbers: VariableReport, small: Thumbnail): ImageTile {
  const { min, max } = numbers;
  const span = min === null || max === null || max === min ? 1 : max - min;
  const rgb = new Uint8Array(small.values.length * 3);
  small.values.forEach((value, i) => {
    rgb.set(Number.isNaN(value) ? MISSING : colourOf((value - (min ?? 0)) / span), 3 * i);
  });
  const range = min === null || max === null ? 'all missing' : `${round(min)} to ${round(max)}`;
  return {
    title: variable.name,
    note: `${range}${variable.units === null || variable.units === '1' ? '' : ` ${variable.units}`}`,
    rgb: { data: rgb, width: small.width, height: small.height },
  };
}

function composite(bands: readonly Thumbnail[]): RgbImage {
  const [{ width, height }] = bands as [Thumbnail];
  // 8-bit bands are shown as they are; wider ones by their own brightest pixel.
  const top = Math.max(
    255,
    ...bands.map(({ values }) => values.reduce((m, v) => (v > m ? v : m), 0)),
  );
  const data = new Uint8Array(width * height * 3);
  bands.forEach(({ values }, c) => {
    for (let i = 0; i < width * height; i++) {
      const value = values[i] ?? NaN;
      data[3 * i + c] = Number.isNaN(value) ? (MISSING[c] ?? 0) : Math.round((value / top) * 255);
    }
  });
  return { data, width, height };
}

function colourOf(part: number): readonly number[] {
  const at = Math.min(1, Math.max(0, part)) * (STOPS.length - 1);
  const below = Math.min(STOPS.length - 2, Math.floor(at));
  const [low, high] = [STOPS[below] ?? MISSING, STOPS[below + 1] ?? MISSING];
  return low.map((value, c) => Math.round(value + ((high[c] ?? 0) - value) * (at - below)));
}

function round(value: number): string {
  return Number(value.toPrecision(5)).toString();
}

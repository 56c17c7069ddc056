import ImageLayer from 'ol/layer/Image.js';
import ImageCanvas from 'ol/source/ImageCanvas.js';
import type { Rgb } from '@arctic/plots/colormap';
import { CELL, type Layer, type Shown } from './layers.js';
import { evenPalette } from './palette.js';
import type { Place } from './place.js';
import type { MapColours } from './theme.js';

/** What the picture is made from. */
export interface CellImage {
  readonly place: Place;
  readonly shown: Shown;
  readonly layer: Layer;
  readonly colours: MapColours;
}

/** Pixels between points that are transformed exactly; between them positions go in straight lines. */
const MESH = 8;
/** Width of a stripe of missing values, pixels. */
const STRIPE = 4;

/** The layer of the map that draws cells as they are: each pixel takes the colour of the cell it lies in. */
export function cellLayer() {
  let image: CellImage | null = null;
  let known: { readonly key: string; readonly place: Place; readonly cells: Int32Array } | null =
    null;
  const canvas = document.createElement('canvas');

  const lookUp = (
    place: Place,
    [left = 0, , , top = 0]: readonly number[],
    metres: number,
    width: number,
    height: number,
  ): Int32Array => {
    const key = [left, top, metres, width, height].join();
    if (known?.key === key && known.place === place) return known.cells;
    const cells = cellsOf(place, left, top, metres, width, height);
    known = { key, place, cells };
    return cells;
  };

  const source = new ImageCanvas({
    ratio: 1.2,
    interpolate: false,
    canvasFunction(extent, resolution, pixelRatio, size) {
      const width = Math.round(size[0] ?? 0);
      const height = Math.round(size[1] ?? 0);
      canvas.width = width;
      canvas.height = height;
      if (image && width > 0 && height > 0) {
        const cells = lookUp(image.place, extent, resolution / pixelRatio, width, height);
        canvas.getContext('2d')?.putImageData(paint(image, cells, width, height), 0, 0);
      }
      return canvas;
    },
  });
  return {
    layer: new ImageLayer({ source }),
    set(next: CellImage | null) {
      image = next;
      source.changed();
    },
  };
}

/** The cell under each pixel, -1 outside the grid. */
function cellsOf(
  place: Place,
  left: number,
  top: number,
  metres: number,
  width: number,
  height: number,
): Int32Array {
  const across = Math.ceil(width / MESH) + 1;
  const down = Math.ceil(height / MESH) + 1;
  const columns = new Float64Array(across * down);
  const rows = new Float64Array(across * down);
  for (let j = 0; j < down; j++)
    for (let i = 0; i < across; i++) {
      const [column, row] = place.toCell(left + i * MESH * metres, top - j * MESH * metres);
      columns[j * across + i] = column;
      rows[j * across + i] = row;
    }
  const cells = new Int32Array(width * height).fill(-1);
  for (let y = 0; y < height; y++) {
    const v = (y + 0.5) / MESH;
    const j = Math.floor(v);
    for (let x = 0; x < width; x++) {
      const u = (x + 0.5) / MESH;
      const i = Math.floor(u);
      const column = Math.floor(between(columns, j * across + i, across, u - i, v - j));
      const row = Math.floor(between(rows, j * across + i, across, u - i, v - j));
      if (column >= 0 && column < place.width && row >= 0 && row < place.height)
        cells[y * width + x] = row * place.width + column;
    }
  }
  return cells;
}

/** The value between four points of the mesh. */
function between(mesh: Float64Array, at: number, across: number, u: number, v: number): number {
  const [a = NaN, b = NaN] = [mesh[at], mesh[at + 1]];
  const [c = NaN, d = NaN] = [mesh[at + across], mesh[at + across + 1]];
  return (a * (1 - u) + b * u) * (1 - v) + (c * (1 - u) + d * u) * v;
}

function paint(
  { shown, layer, colours }: CellImage,
  cells: Int32Array,
  width: number,
  height: number,
): ImageData {
  const data = new ImageData(width, height);
  const pixels = new Uint32Array(data.data.buffer);
  const palette = Uint32Array.from(evenPalette(layer.palette), packed);
  const [low, high] = layer.range;
  const last = palette.length - 1;
  const land = packed(colours.land);
  const sea = packed(colours.sea);
  const [dark, bright] = colours.missing.map(packed) as [number, number]; // two go in
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i] as number; // within
    if (cell < 0) continue;
    const what = shown.cells[cell];
    if (what === CELL.value) {
      const part = ((shown.values[cell] as number) - low) / (high - low); // within
      pixels[i] = palette[Math.round(Math.min(1, Math.max(0, part)) * last)] as number; // within
    } else if (what === CELL.land) pixels[i] = land;
    else if (what === CELL.notForecast) pixels[i] = sea;
    else {
      const x = i % width;
      const stripe = Math.floor((x + Math.floor(i / width)) / STRIPE) % 2;
      pixels[i] = stripe === 0 ? dark : bright;
    }
  }
  return data;
}

/** Red in the lowest byte, as canvases keep it. */
function packed([red, green, blue]: Rgb): number {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

import { legend, type Box } from './axes.js';
import { colorBar } from './color-bar.js';
import { LAND, MISSING, toHex, type ColormapName } from './colormap.js';
import { contour } from './contour.js';
import { PlotError } from './errors.js';
import { fieldImage, type Field } from './field-image.js';
import { placeImage } from './image.js';
import { element, type Svg } from './svg.js';
import { figure, topOf, type Captions } from './figure.js';

/** Colour of the ice edge: seen on white, blue and brown alike. */
export const EDGE_COLOR = '#e6007e';

/** How a field is coloured. */
export interface FieldStyle {
  /** @default 'ice' */
  readonly colormap?: ColormapName;
  /** Values of the first and the last colour. @default [0, 1] */
  readonly range?: readonly [number, number];
}

/** A contour line over a field. */
export interface EdgeLine {
  /** Field whose contour is drawn, `[H,W]`; the mapped one where left out. */
  readonly values?: Float32Array | Float64Array;
  readonly level: number;
}

/** A single map with its colour bar. */
export interface GridMapOptions extends Field, FieldStyle, Captions {
  /** What the colours mean, with unit. @default 'sea-ice concentration' */
  readonly label?: string;
  /** Contour to draw, such as 0.15 for the ice edge. @default none */
  readonly edge?: number;
  /** Longer side of the map, pixels. @default 560 */
  readonly size?: number;
}

/**
 * A map of a field with its colour bar, as SVG.
 *
 * @throws {PlotError} when values or mask do not fit the grid.
 */
export function gridMap(options: GridMapOptions): Svg {
  const {
    width,
    height,
    mask,
    values,
    edge,
    label = 'sea-ice concentration',
    size = 560,
  } = options;
  const { colormap = 'ice', range = [0, 1] } = options;
  const pixels = size / Math.max(width, height);
  const top = topOf(options, 12);
  const box = { x: 24, y: top, width: width * pixels, height: height * pixels };
  const keys = legend(24, top + box.height + 26, box.width + 60, [
    ...(edge === undefined
      ? []
      : [{ name: `ice edge (${Math.round(edge * 100)} %)`, color: EDGE_COLOR }]),
    ...fieldKeys([values], mask),
  ]);
  const barHeight = Math.min(box.height, 260);
  return figure(
    box.width + 130,
    top + box.height + 22 + keys.height,
    options,
    mapTile(
      { values, width, height, ...(mask ? { mask } : {}) },
      box,
      { colormap, range },
      edge === undefined ? undefined : { level: edge },
    ),
    colorBar(
      { x: box.x + box.width + 16, y: top, width: 13, height: barHeight },
      colormap,
      range,
      label,
    ),
    keys.svg,
  );
}

/** One map without words: the field, and a contour line where one is given. */
export function mapTile(
  field: Field,
  box: Box,
  { colormap = 'ice', range = [0, 1] }: FieldStyle = {},
  edge?: EdgeLine,
): Svg {
  if (!(range[1] > range[0])) {
    throw new PlotError(`range must be [low, high] with low < high. Received: [${range.join()}].`);
  }
  const { width, height, values, mask } = field;
  const picture = placeImage(
    fieldImage(field, colormap, range),
    box.x,
    box.y,
    box.width,
    box.height,
  );
  if (edge === undefined) return picture;
  const source = edge.values ?? values;
  const sea = mask ? Float64Array.from(source, (v, i) => ((mask[i] ?? 0) > 0 ? v : NaN)) : source;
  const [sx, sy] = [box.width / width, box.height / height];
  const path = contour(sea, width, height, edge.level)
    .map(([x1, y1, x2, y2]) => {
      const at = (x: number, y: number) =>
        `${(box.x + x * sx).toFixed(1)} ${(box.y + y * sy).toFixed(1)}`;
      return `M${at(x1, y1)}L${at(x2, y2)}`;
    })
    .join('');
  return (
    picture +
    element('path', {
      d: path,
      fill: 'none',
      stroke: EDGE_COLOR,
      'stroke-width': 1.4,
      'stroke-linecap': 'round',
    })
  );
}

/** Legend entries for land and missing cells, where the fields have such. */
export function fieldKeys(
  fields: readonly (Float32Array | Float64Array)[],
  mask: ArrayLike<number> | undefined,
): { name: string; color: string; kind: 'box' }[] {
  const sea = (index: number) => mask === undefined || (mask[index] ?? 0) > 0;
  const land = mask !== undefined && Array.from(mask).some((value) => value === 0);
  const missing = fields.some((values) =>
    values.some((value, index) => Number.isNaN(value) && sea(mask ? index % mask.length : index)),
  );
  return [
    ...(land ? [{ name: 'land', color: toHex(LAND), kind: 'box' as const }] : []),
    ...(missing ? [{ name: 'missing', color: toHex(MISSING), kind: 'box' as const }] : []),
  ];
}

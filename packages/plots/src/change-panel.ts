import { legend, type LegendItem } from './axes.js';
import { colorBar } from './color-bar.js';
import { fromHex } from './colormap.js';
import { expectLength } from './errors.js';
import { fieldImage } from './field-image.js';
import { expectImage, placeImage, type RgbImage } from './image.js';
import { label, type Svg } from './svg.js';
import { figure, topOf, type Captions } from './figure.js';
import { INK, SIZE } from './theme.js';

/** Two dates of one place and what was found changed. All of one size, rows from the north. */
export interface ChangePanelOptions extends Captions {
  readonly before: RgbImage;
  readonly after: RgbImage;
  /** `[H,W]`, non-zero where it did change. @default not known */
  readonly truth?: ArrayLike<number>;
  /** `[H,W]`, non-zero where change was found. */
  readonly prediction: ArrayLike<number>;
  /** `[H,W]`, probability of change, 0..1. @default not shown */
  readonly probability?: Float32Array;
  /** Width of a picture, pixels. @default 230 */
  readonly size?: number;
}

/** Whether a pixel was found and is changed, as colours that differ in brightness too. */
const COLOR = { hit: '#ffffff', falseAlarm: '#e69f00', miss: '#0072b2', none: '#16222e' } as const;

/**
 * Before, after, truth, prediction and probability side by side, as SVG.
 *
 * Where the truth is known, the prediction shows hits, false alarms and misses.
 *
 * @throws {PlotError} when the sizes differ.
 */
export function changePanel(options: ChangePanelOptions): Svg {
  const { before, after, truth, prediction, probability, size = 230 } = options;
  const { width: W, height: H } = before;
  expectImage('before', before);
  expectImage('after', after);
  const shape = `[${H},${W}]`;
  expectLength('after', after.width * after.height, W * H, shape);
  expectLength('prediction', prediction.length, W * H, shape);
  if (truth) expectLength('truth', truth.length, W * H, shape);

  const tiles = [
    { title: 'before', image: before },
    { title: 'after', image: after },
    ...(truth ? [{ title: 'true change', image: outcomes(W, H, truth, truth) }] : []),
    { title: 'predicted change', image: outcomes(W, H, prediction, truth ?? prediction) },
    ...(probability
      ? [
          {
            title: 'probability of change',
            image: fieldImage({ values: probability, width: W, height: H }, 'viridis', [0, 1]),
          },
        ]
      : []),
  ];
  const tall = (size * H) / W;
  const top = topOf(options, 34);
  const at = (index: number) => 24 + index * (size + 14);
  const keys: LegendItem[] = truth
    ? [
        { name: 'changed and found', color: COLOR.hit, kind: 'box' },
        { name: 'false alarm', color: COLOR.falseAlarm, kind: 'box' },
        { name: 'missed', color: COLOR.miss, kind: 'box' },
        { name: 'no change', color: COLOR.none, kind: 'box' },
      ]
    : [
        { name: 'change', color: COLOR.hit, kind: 'box' },
        { name: 'no change', color: COLOR.none, kind: 'box' },
      ];
  const width = at(tiles.length) + (probability ? 70 : 10);
  const height = top + tall + 44;
  return figure(
    width,
    height,
    options,
    ...tiles.map(
      ({ title, image }, index) =>
        label(at(index), top - 10, title, {
          size: SIZE.panel,
          weight: 'bold',
          color: INK.title,
        }) + placeImage(image, at(index), top, size, tall),
    ),
    probability
      ? colorBar(
          { x: at(tiles.length) - 2, y: top, width: 12, height: Math.min(tall, 230) },
          'viridis',
          [0, 1],
          'probability',
        )
      : '',
    legend(24, top + tall + 26, width - 48, keys).svg,
  );
}

/** Each pixel's outcome as a picture. */
function outcomes(
  width: number,
  height: number,
  found: ArrayLike<number>,
  truth: ArrayLike<number>,
): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let index = 0; index < width * height; index++) {
    const [yes, real] = [(found[index] ?? 0) > 0, (truth[index] ?? 0) > 0];
    const color = yes ? (real ? COLOR.hit : COLOR.falseAlarm) : real ? COLOR.miss : COLOR.none;
    data.set(fromHex(color), index * 3);
  }
  return { data, width, height };
}

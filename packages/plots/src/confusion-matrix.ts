import { colorBar } from './color-bar.js';
import { colormap, inkOn, toHex } from './colormap.js';
import { expectLength, expectSome } from './errors.js';
import { element, label, textWidth, type Svg } from './svg.js';
import { figure, topOf, type Captions } from './figure.js';
import { INK, SIZE } from './theme.js';

/** Counts of true and predicted classes. */
export interface ConfusionMatrixOptions extends Captions {
  /** Names, in the order of rows and columns. */
  readonly classes: readonly string[];
  /** Counts, rows = truth, columns = prediction. */
  readonly matrix: readonly (readonly number[])[];
}

/**
 * A confusion matrix as SVG: counts, and each row's shares in percent, which also colour it.
 *
 * @throws {PlotError} when the matrix is not square with a row for each class.
 */
export function confusionMatrix(options: ConfusionMatrixOptions): Svg {
  const { classes, matrix } = options;
  const K = classes.length;
  expectSome('classes', classes);
  expectLength('matrix', matrix.length, K, `[${K},${K}]`);
  matrix.forEach((row, k) => expectLength(`row ${k} of matrix`, row.length, K, `[${K}]`));

  const names = classes.map((name) => name.replaceAll('_', ' '));
  const widest = Math.max(...names.map((name) => textWidth(name, SIZE.label)));
  const cell = Math.max(K > 6 ? 62 : 92, widest + 16);
  const high = Math.min(cell, 92);
  const left = 24 + 26 + Math.max(widest, 60) + 12;
  const top = topOf(options, 18);
  const color = colormap('ice');
  // Dark means many, on light paper: the map runs backwards, and not to its darkest end.
  const shade = (share: number) => color(1 - share * 0.78);

  const cells = matrix.flatMap((row, r) => {
    const sum = row.reduce((total, count) => total + count, 0);
    return row.map((count, c) => {
      const share = sum === 0 ? 0 : count / sum;
      const fill = shade(share);
      const [x, y] = [left + c * cell, top + r * high];
      const ink = inkOn(fill);
      return (
        element('rect', {
          x: x + 1.5,
          y: y + 1.5,
          width: cell - 3,
          height: high - 3,
          rx: 3,
          fill: toHex(fill),
          stroke: INK.grid,
        }) +
        label(x + cell / 2, y + high / 2 + 1, count.toLocaleString('en'), {
          size: 17,
          weight: 'bold',
          anchor: 'middle',
          color: ink,
        }) +
        label(x + cell / 2, y + high / 2 + 19, sum === 0 ? '–' : `${(share * 100).toFixed(1)} %`, {
          size: SIZE.tick,
          anchor: 'middle',
          color: ink,
        })
      );
    });
  });
  const rows = names.map((name, r) => {
    const sum = (matrix[r] ?? []).reduce((total, count) => total + count, 0);
    const y = top + r * high + high / 2;
    return (
      label(left - 10, y, name, { anchor: 'end' }) +
      label(left - 10, y + 16, `n = ${sum.toLocaleString('en')}`, {
        size: SIZE.small,
        anchor: 'end',
        color: INK.quiet,
      })
    );
  });
  const bottom = top + K * high;
  const columns = names.map((name, c) =>
    label(left + c * cell + cell / 2, bottom + 20, name, { anchor: 'middle' }),
  );
  const width = left + K * cell + 100;
  const height = bottom + 62;
  return figure(
    width,
    height,
    options,
    ...cells,
    ...rows,
    ...columns,
    label(left + (K * cell) / 2, bottom + 46, 'predicted class', {
      anchor: 'middle',
      weight: 'bold',
    }),
    label(38, top + (K * high) / 2, 'true class', {
      anchor: 'middle',
      weight: 'bold',
      rotate: -90,
    }),
    colorBar(
      { x: left + K * cell + 18, y: top + 2, width: 12, height: Math.min(K * high - 4, 220) },
      (share) => shade(share),
      [0, 100],
      'share of the true class, %',
    ),
  );
}

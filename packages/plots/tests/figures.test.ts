import { Buffer } from 'node:buffer';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import {
  changePanel,
  classLegend,
  classOverlay,
  confusionMatrix,
  forecastPanel,
  gridMap,
  imageGrid,
  isPlotError,
  leadCurves,
  learningRateCurve,
  PlotError,
  reliabilityDiagram,
  renderPng,
  searchOverview,
  trainingCurves,
  type RgbImage,
} from '../src/index.js';

const [W, H] = [10, 8];
const field = (level: number) =>
  Float32Array.from({ length: W * H }, (_, i) => (i === 3 ? NaN : (i % W) / W > level ? 1 : 0));
const stack = Float32Array.from({ length: 3 * W * H }, (_, i) => ((i % W) + 1) / (W + 1));
const mask = Uint8Array.from({ length: W * H }, (_, i) => (i < W ? 0 : 1));
const picture: RgbImage = { data: new Uint8Array(W * H * 3).fill(90), width: W, height: H };
const change = Uint8Array.from({ length: W * H }, (_, i) => (i % 7 === 0 ? 255 : 0));
const forecast = {
  title: 'Forecast & truth',
  issueDate: '2017-05-14',
  lastInput: field(0.5),
  truth: stack,
  forecast: stack,
  reference: stack,
  referenceName: 'persistence',
  mask,
  width: W,
  height: H,
};

/** Every figure, with words that must be found in it. */
const figures: Record<string, { svg: string; words: string[] }> = {
  trainingCurves: {
    svg: trainingCurves({
      title: 'Loss < 1',
      subtitle: 'three epochs',
      footer: 'synthetic data',
      rows: [
        { epoch: 1, train_loss: 5, val_loss: 3, learning_rate: 1e-3, val_rmse: 0.3 },
        { epoch: 2, train_loss: 0.5, val_loss: NaN, learning_rate: 1e-4, val_rmse: 0.2 },
        { epoch: 3, train_loss: 0.05, val_loss: 0.4, learning_rate: 1e-5, val_rmse: 0.1 },
      ],
      metrics: [{ key: 'val_rmse', label: 'validation RMSE' }],
    }),
    words: [
      'Loss &lt; 1',
      'three epochs',
      'epoch',
      'training',
      'validation',
      'Learning rate',
      'Validation RMSE',
      'best epoch (3)',
      'synthetic data',
    ],
  },
  learningRateCurve: {
    svg: learningRateCurve({
      title: 'Range test',
      points: Array.from({ length: 60 }, (_, i) => {
        const smoothed = i < 30 ? 2 : i < 50 ? 2 - 0.08 * (i - 30) : 0.4 * 2 ** (i - 49);
        return { learningRate: 10 ** (i / 8 - 6), smoothed, loss: i % 7 === 0 ? NaN : smoothed };
      }),
      suggestion: 10 ** (40 / 8 - 6),
    }),
    words: [
      'Range test',
      'learning rate',
      'smoothed',
      'after each step',
      'steepest fall',
      '1.0e-1',
    ],
  },
  searchOverview: {
    svg: searchOverview({
      title: 'Search',
      scoreLabel: 'validation loss',
      trials: [
        { settings: { rate: 1e-3, preset: 'tiny' }, score: 0.1 },
        { settings: { rate: 1e-1, preset: 'a name that does not fit under its column' }, score: 3 },
        { settings: { rate: 1e-2, preset: null }, score: 1 },
        { settings: { rate: 1, preset: 'tiny' }, score: null },
      ].map((trial) => ({
        ...trial,
        settings: { ...trial.settings, same: 1 },
        curve: [1, 2].map((budget) => ({ budget, score: (trial.score ?? 2) * (3 - budget) })),
      })),
    }),
    words: [
      'By epoch',
      'By rate',
      'By preset',
      'validation loss',
      'best trial',
      '2 other trials, 1 failed',
      '…',
      'null',
    ],
  },
  confusionMatrix: {
    svg: confusionMatrix({
      title: 'Test',
      classes: ['open_water', 'ice'],
      matrix: [
        [9, 1],
        [0, 1200],
      ],
    }),
    words: ['open water', 'ice', '1,200', '90.0 %', 'n = 10', 'predicted class', 'true class'],
  },
  reliabilityDiagram: {
    svg: reliabilityDiagram({
      title: 'Reliability',
      ece: 0.042,
      bins: [
        { low: 0, high: 0.5, n: 0, confidence: NaN, accuracy: NaN },
        { low: 0.5, high: 1, n: 12, confidence: 0.8, accuracy: 0.7 },
      ],
    }),
    words: ['confidence', 'accuracy', 'ECE 0.042', 'perfectly calibrated'],
  },
  leadCurves: {
    svg: leadCurves({
      title: 'By lead',
      ylabel: 'RMSE, concentration',
      series: [
        { name: 'model', values: [0.1, 0.2], interval: { low: [0.05, 0.1], high: [0.2, 0.3] } },
        { name: 'persistence', values: [0.2, NaN] },
      ],
    }),
    words: ['RMSE, concentration', 'lead time, days', 'model', 'persistence'],
  },
  gridMap: {
    svg: gridMap({
      title: 'Map',
      values: field(0.4),
      width: W,
      height: H,
      mask: mask.map((sea, i) => (i === 3 ? 1 : sea)),
      edge: 0.15,
    }),
    words: ['sea-ice concentration', 'ice edge (15 %)', 'land', 'missing'],
  },
  forecastPanel: {
    svg: forecastPanel({
      ...forecast,
      notes: [1, 3].map(() => ({ forecast: 'RMSE 0.1', reference: 'RMSE 0.2' })),
    }),
    words: [
      'Forecast &amp; truth, issued 2017-05-14',
      'last input',
      'truth',
      'persistence',
      'forecast − truth',
      '+1 day',
      '+3 days',
      '2017-05-17',
      'RMSE 0.2',
      'concentration',
    ],
  },
  changePanel: {
    svg: changePanel({
      title: 'Change',
      before: picture,
      after: picture,
      truth: change,
      prediction: change,
      probability: field(0.5),
    }),
    words: [
      'before',
      'after',
      'true change',
      'predicted change',
      'false alarm',
      'missed',
      'probability',
    ],
  },
  imageGrid: {
    svg: imageGrid({
      title: 'Samples',
      columns: 2,
      tiles: [
        { rgb: picture, title: 'thin ice 80 %', note: 'truth: thin ice', verdict: 'right' },
        { rgb: classOverlay(picture, change), title: 'class map' },
        { rgb: { ...picture, data: new Uint8Array(W * H * 4) }, title: 'with alpha' },
      ],
      legend: classLegend(['open_water']),
    }),
    words: ['thin ice 80 %', 'truth: thin ice', 'class map', 'open water', 'right'],
  },
};

describe.each(Object.entries(figures))('%s', (_, { svg, words }) => {
  it('carries its words', () => {
    for (const word of words) expect(svg).toContain(word);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('is well-formed and becomes a PNG of its size', () => {
    const png = renderPng(svg, { scale: 1 });
    expect([...png.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
    const { width, height, data } = PNG.sync.read(Buffer.from(png));
    const [, w, h] = /^<svg [^>]*?width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
    expect(Math.abs(width - Number(w))).toBeLessThanOrEqual(1);
    expect(Math.abs(height - Number(h))).toBeLessThanOrEqual(1);
    expect(new Set(data).size).toBeGreaterThan(20); // text and lines are there
  });
});

describe('renderPng', () => {
  it('enlarges by its scale', () => {
    const svg = figures['leadCurves']?.svg ?? '';
    const [one, two] = [1, 2].map(
      (scale) => PNG.sync.read(Buffer.from(renderPng(svg, { scale }))).width,
    );
    expect(two).toBe(2 * (one ?? NaN));
  });

  it('refuses what is no SVG', () => {
    expect(() => renderPng('<svg')).toThrow(PlotError);
    expect(() => renderPng('<svg/>', { scale: 0 })).toThrow('scale must be a number above 0');
  });
});

describe('data that cannot be drawn', () => {
  const line = { title: 'x', ylabel: 'y' };
  it.each<[string, () => unknown]>([
    ['rows must hold at least one item', () => trainingCurves({ title: 'x', rows: [] })],
    ['points must hold at least', () => learningRateCurve({ title: 'x', points: [] })],
    [
      'trials with a score must hold at least',
      () =>
        searchOverview({
          title: 'x',
          scoreLabel: 'y',
          trials: [{ settings: {}, score: null, curve: [] }],
        }),
    ],
    [
      'matrix must hold 2 values, shape [2,2]. Received: 1',
      () => confusionMatrix({ title: 'x', classes: ['a', 'b'], matrix: [[1, 2]] }),
    ],
    [
      'row 1 of matrix must hold 2',
      () => confusionMatrix({ title: 'x', classes: ['a', 'b'], matrix: [[1, 2], [1]] }),
    ],
    ['bins must hold', () => reliabilityDiagram({ title: 'x', bins: [] })],
    [
      'series "b" must hold 2',
      () =>
        leadCurves({
          ...line,
          series: [
            { name: 'a', values: [1, 2] },
            { name: 'b', values: [1] },
          ],
        }),
    ],
    [
      'values must hold 80 values, shape [8,10]. Received: 79',
      () => gridMap({ title: 'x', values: new Float32Array(79), width: W, height: H }),
    ],
    [
      'range must be [low, high]',
      () => gridMap({ title: 'x', values: field(0.5), width: W, height: H, range: [1, 1] }),
    ],
    [
      'leads must be whole days from 1 to 3. Received: 7',
      () => forecastPanel({ ...forecast, leads: [7] }),
    ],
    [
      'truth must hold 240 values, shape [3,8,10]',
      () => forecastPanel({ ...forecast, truth: field(0.5) }),
    ],
    ['issueDate must be a date', () => forecastPanel({ ...forecast, issueDate: 'May' })],
    [
      'prediction must hold 80',
      () => changePanel({ title: 'x', before: picture, after: picture, prediction: [] }),
    ],
    [
      'before must hold 10×8 pixels',
      () =>
        changePanel({
          title: 'x',
          before: { ...picture, data: new Uint8Array(5) },
          after: picture,
          prediction: change,
        }),
    ],
    ['classes must hold 80', () => classOverlay(picture, new Uint8Array(3))],
    ['opacity must be', () => classOverlay(picture, change, { opacity: 2 })],
    ['tiles must hold at least one', () => imageGrid({ title: 'x', tiles: [] })],
  ])('%s', (message, draw) => {
    expect(draw).toThrow(PlotError);
    expect(draw).toThrow(message);
  });

  it('isPlotError knows its own', () => {
    expect([new PlotError('x'), new Error('x')].map(isPlotError)).toEqual([true, false]);
  });
});

it('draws single epochs, single points, single leads and constant values', () => {
  for (const svg of [
    trainingCurves({ title: 'one', rows: [{ epoch: 1, train_loss: 0.5 }] }),
    leadCurves({ title: 'one', ylabel: 'skill', series: [{ name: 'a', values: [-0.2] }] }),
    learningRateCurve({
      title: 'one',
      points: [{ learningRate: 1, loss: 1, smoothed: 1 }],
      suggestion: null,
    }),
    searchOverview({
      title: 'one',
      scoreLabel: 'y',
      trials: [{ settings: { a: 1 }, score: 1, curve: [] }],
    }),
    trainingCurves({ title: 'none', rows: [{ epoch: 1, train_loss: NaN }] }),
  ]) {
    expect(svg).not.toMatch(/NaN|Infinity/);
    expect(renderPng(svg, { scale: 1 }).length).toBeGreaterThan(1000);
  }
});

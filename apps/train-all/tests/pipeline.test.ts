import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { isoDate, openRaster, readCube, readImage, readNpy, readRaster } from '@arctic/raster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findNativeBackend } from '../../../tools/native-backend.js';
import { summarySchema, type Summary } from '../src/summary.js';
import { listFiles, runCli, type CliResult } from './run-cli.js';

const native = await findNativeBackend();
const MODELS = ['classifier', 'convlstm', 'siamese'] as const;

let out = '';
const at = (...parts: string[]) => join(out, ...parts);
const testData = (name: string) => at('data', 'test', name);
const readSummary = (name: string): Summary =>
  summarySchema.parse(JSON.parse(readFileSync(at('runs', name, 'summary.json'), 'utf8')));

/** Fails with what the app printed. */
function expectDone(result: CliResult): void {
  expect(result.code, `${result.out}\n${result.err}`).toBe(0);
}

const title = native.name ? 'native' : `native (not here: ${native.reason})`;
describe.skipIf(!native.name)(`the pipeline on the ${title} backend`, { timeout: 240_000 }, () => {
  let first: CliResult;
  beforeAll(async () => {
    out = mkdtempSync(join(tmpdir(), 'pipeline-'));
    const settings = { samples: 10, testSamples: 6, convlstm: { cropSize: 16 } };
    writeFileSync(at('settings.json'), JSON.stringify(settings));
    const common = ['run', '--profile', 'smoke', '--config', at('settings.json'), '--out', out];
    first = await runCli([...common, '--epochs', '1', '--name', 'whole']);
  }, 240_000);
  afterAll(() => {
    rmSync(out, { recursive: true, force: true });
  });

  it('trains, judges and exports three models with one command', async () => {
    expectDone(first);
    expect(first.err).toMatch(/estimate: about /);
    const { models, name, source } = readSummary('whole');
    expect({ name, source }).toEqual({ name: 'whole', source: 'synthetic' });
    expect(Object.keys(models)).toEqual(MODELS);
    expect(models.classifier?.test.n).toBe(6);
    expect(models.siamese?.test.n).toBe(6);
    expect(models.convlstm?.test.leads).toHaveLength(7);
    expect(Object.keys(models.convlstm?.baselines ?? {})).toHaveLength(4);
    for (const model of MODELS) {
      expect(models[model]?.seconds).toBeGreaterThan(0);
      for (const file of ['model.safetensors', 'config.json', 'README.md'])
        expect(existsSync(at('models', model, file)), `${model}/${file}`).toBe(true);
      for (const file of ['metrics.csv', 'test.json', 'checkpoints/best', 'checkpoints/last'])
        expect(existsSync(at('runs', 'whole', model, file)), `${model}/${file}`).toBe(true);
      const { width, data } = await readImage(at('runs', 'whole', model, 'curves.png'));
      expect(width).toBeGreaterThan(300);
      expect(new Set(data).size).toBeGreaterThan(2);
    }
    expect(readFileSync(at('runs', 'whole', 'report.md'), 'utf8')).toContain('# Sea-ice models');
    expect(readFileSync(at('runs', 'whole', 'report.html'), 'utf8')).toContain('data:image/png');
    expect(JSON.parse(readFileSync(at('runs', 'whole', 'config.json'), 'utf8'))).toMatchObject({
      name: 'whole',
      samples: 10,
      convlstm: { epochs: 1, cropSize: 16 },
    });
  });

  it('does nothing twice when it is resumed', async () => {
    const before = readSummary('whole');
    const again = await runCli(['run', '--resume', '--out', out]);
    expectDone(again);
    for (const model of MODELS) {
      expect(again.err).toContain(`data for ${model}: already there`);
      expect(again.err).toContain(`${model}: already trained`);
    }
    expect(readSummary('whole').models).toEqual(before.models);
  });

  describe('a trained model on data that it never saw', () => {
    it('classifier: gives the scores of the run on its test scenes', async () => {
      const input = testData('labeled_ice_imagery');
      const model = at('models', 'classifier');
      const result = await runCli(['evaluate', '--model', model, '--input', input, '--out', out]);
      expectDone(result);
      expect(result.out).toMatch(/accuracy\n {2}model /);
      const own = readSummary('evaluate-classifier-labeled_ice_imagery').models.classifier;
      const run = readSummary('whole').models.classifier;
      const { accuracyInterval, ...scores } = own?.test ?? {}; // drawn from another seed
      expect(accuracyInterval).toHaveLength(2);
      expect(run?.test).toMatchObject(scores);
      expect(own?.baselines['majority']).toEqual(run?.baselines['majority']);
    });

    it('siamese: gives the scores of the run on its test pairs', async () => {
      const args = ['--input', testData('change_pairs'), '--out', out, '--name', 'pairs'];
      expectDone(await runCli(['evaluate', '--model', at('models', 'siamese'), ...args]));
      const [own, run] = [readSummary('pairs').models, readSummary('whole').models];
      const { f1Interval, ...scores } = own.siamese?.test ?? {}; // drawn from another seed
      expect(f1Interval).toHaveLength(2);
      expect(run.siamese?.test).toMatchObject(scores);
      expect(own.siamese?.baselines).toEqual(run.siamese?.baselines);
    });

    it('convlstm: judges a Zarr store with its own climatology', async () => {
      const store = testData('sea_ice_concentration.zarr');
      const first = (await readCube(store)).days[0] ?? 0;
      const period = ['--from', isoDate(first + 100), '--to', isoDate(first + 140)];
      const args = ['--input', store, ...period, '--out', out, '--name', 'series'];
      expectDone(await runCli(['evaluate', '--model', at('models', 'convlstm'), ...args]));
      const { convlstm } = readSummary('series').models;
      expect(convlstm?.test).toMatchObject({ n: 5 });
      expect(convlstm?.synthetic).toBe(true);
      expect(convlstm?.notes.join(' ')).toContain('those of the model folder');
    });

    it('classifier: predicts the classes of an image', async () => {
      const images = testData('labeled_ice_imagery/images');
      const image = Object.keys(listFiles(images))[0] ?? '';
      const args = ['--input', image, '--out', out, '--name', 'classes'];
      expectDone(await runCli(['predict', '--model', at('models', 'classifier'), ...args]));
      const { results } = JSON.parse(
        readFileSync(at('runs', 'classes', 'predictions.json'), 'utf8'),
      ) as { results: { fractions: Record<string, number> }[] }; // written by the app
      const shares = Object.values(results[0]?.fractions ?? {});
      expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1);
      const map = Object.keys(listFiles(at('runs', 'classes'))).find((f) => /-classes/.test(f));
      expect(await readImage(map ?? '')).toMatchObject({ width: 256, height: 256, channels: 1 });
      const name = basename(image, '.png');
      const tif = await readRaster(at('runs', 'classes', `${name}.tif`));
      expect(tif.array.data).toEqual((await readImage(map ?? '')).data);
      expect(existsSync(at('runs', 'classes', `${name}.nc`))).toBe(true);
      // A generated scene lies nowhere on earth.
      expect(existsSync(at('runs', 'classes', `${name}.geojson`))).toBe(false);
    });

    it('siamese: predicts change between two images', async () => {
      const pairs = testData('change_pairs');
      const name =
        Object.keys(listFiles(join(pairs, 'A')))[0]
          ?.split('/')
          .at(-1) ?? '';
      const dates = ['--before', join(pairs, 'A', name), '--after', join(pairs, 'B', name)];
      const args = [...dates, '--out', out, '--name', 'change'];
      expectDone(await runCli(['predict', '--model', at('models', 'siamese'), ...args]));
      const files = Object.keys(listFiles(at('runs', 'change')));
      const map = await readImage(files.find((f) => f.includes('-change')) ?? '');
      expect(map).toMatchObject({ width: 256, height: 256, channels: 1 });
      expect([...new Set(map.data)].every((v) => v === 0 || v === 255)).toBe(true);
    });

    it('convlstm: forecasts seven days from the newest one', async () => {
      const store = testData('sea_ice_concentration.zarr');
      const last = (await readCube(store)).days.at(-1) ?? 0;
      const args = ['--input', store, '--out', out, '--name', 'forecast'];
      expectDone(await runCli(['predict', '--model', at('models', 'convlstm'), ...args]));
      const { shape, data } = await readNpy(
        at('runs', 'forecast', `forecast-${isoDate(last)}.npy`),
      );
      expect(shape).toEqual([7, 64, 64]);
      expect(data.some((v) => v > 0.5)).toBe(true);
      expect(data.every((v) => Number.isNaN(v) || (v >= 0 && v <= 1))).toBe(true);
      const map = await openRaster(at('runs', 'forecast', `forecast-${isoDate(last)}.nc`));
      expect(map.times.slice(0, 2)).toEqual([
        `${isoDate(last + 1)}T00:00:00Z`,
        `${isoDate(last + 2)}T00:00:00Z`,
      ]);
      const sic = map.variables.find((variable) => variable.name === 'sic');
      expect(Array.from((await sic?.read())?.data ?? [])).toEqual(Array.from(data));
      await map.close();
    });
  });

  it('goes on after kill -9 from the last checkpoint and ends as if nothing had been', async () => {
    const settings = ['--profile', 'smoke', '--config', at('settings.json'), '--out', out];
    const only = [...settings, '--only', 'classifier', '--epochs', '8'];
    const killed = await runCli(['train', ...only, '--name', 'killed'], 'epoch 2/');
    expect(killed.code).toBeNull();
    expect(existsSync(at('runs', 'killed', 'classifier', 'trained.json'))).toBe(false);

    const resumed = await runCli(['run', '--resume', '--name', 'killed', '--out', out]);
    expectDone(resumed);
    expect(resumed.err).toMatch(/resumed after step \d+/);
    expect(resumed.err).not.toContain('epoch 1/');
    expect(resumed.err).toContain('epoch 8/8');

    expectDone(await runCli(['train', ...only, '--name', 'unbroken']));
    const weights = (name: string) =>
      readFileSync(at('runs', name, 'classifier', 'checkpoints', 'last', 'tensors.bin'));
    expect(weights('killed').equals(weights('unbroken'))).toBe(true);
  });

  it('trains to the same weights when threads make the batches', async () => {
    const threads = { workers: 2, prefetch: 3 };
    const { convlstm, ...samples } = JSON.parse(readFileSync(at('settings.json'), 'utf8')) as {
      convlstm: object;
    };
    const settings = {
      ...samples,
      ...{ classifier: threads, siamese: threads, convlstm: { ...convlstm, ...threads } },
    };
    writeFileSync(at('threads.json'), JSON.stringify(settings));
    expectDone(
      await runCli([
        ...['train', '--profile', 'smoke', '--config', at('threads.json'), '--epochs', '1'],
        ...['--out', out, '--name', 'threads'],
      ]),
    );
    for (const model of MODELS) {
      const read = (name: string) =>
        readFileSync(at('runs', name, model, 'checkpoints/best/tensors.bin'));
      expect(read('threads').equals(read('whole')), model).toBe(true);
    }
  });

  it('does not take a run begun anew for the finished one of the same name', async () => {
    const settings = ['--profile', 'smoke', '--config', at('settings.json'), '--out', out];
    const same = [...settings, '--only', 'classifier', '--epochs', '8', '--name', 'killed'];
    expect((await runCli(['train', ...same], 'epoch 2/')).code).toBeNull();
    const resumed = await runCli(['train', '--resume', '--name', 'killed', '--out', out]);
    expectDone(resumed);
    expect(resumed.err).not.toContain('already trained');
    expect(resumed.err).toContain('epoch 8/8');
  });

  it('a step without a name takes no option from one of the same minute', async () => {
    const data = ['data', '--profile', 'smoke', '--only', 'classifier', '--out', at('apart')];
    const seed = () =>
      JSON.parse(readFileSync(at('apart', 'data', 'data.json'), 'utf8')).classifier.seed;
    expectDone(await runCli([...data, '--seed', '3']));
    expect(seed()).toBe(3);
    expectDone(await runCli(data));
    expect(seed()).not.toBe(3);
  });

  describe('bad input ends with code 2 and one sentence, and touches nothing', () => {
    beforeAll(() => {
      writeFileSync(at('file'), 'x');
      writeFileSync(at('patch.json'), '{"convlstm": {"patchSize": 0}}');
      const damaged = at('damaged');
      cpSync(testData('labeled_ice_imagery'), damaged, { recursive: true });
      const image = Object.keys(listFiles(join(damaged, 'images'))).at(-1) ?? '';
      writeFileSync(image, readFileSync(image).subarray(0, 2000));
      cpSync(at('models', 'siamese'), at('cut-model'), { recursive: true });
      const weights = at('cut-model', 'model.safetensors');
      writeFileSync(weights, readFileSync(weights).subarray(0, 5000));
    });

    const evaluate = (model: string, input: string) => () => [
      'evaluate',
      '--model',
      at('models', model),
      '--input',
      at(input),
      '--out',
      out,
    ];
    const run =
      (...more: string[]) =>
      () => ['run', '--profile', 'smoke', '--out', out, '--name', 'whole', ...more];

    it.each([
      ['a missing input', evaluate('classifier', 'none'), /none: expected a file or folder/],
      [
        'a folder of another kind',
        evaluate('siamese', 'damaged'),
        /damaged\/A: expected an image or a folder of images/,
      ],
      [
        'a damaged image',
        () => [...evaluate('classifier', 'damaged')(), '--name', 'pairs'],
        /images\/.*\.png: expected a whole PNG/,
      ],
      [
        'a damaged image among those to predict',
        () => [
          'predict',
          ...['--model', at('models', 'classifier'), '--input', at('damaged', 'images')],
          ...['--out', out, '--name', 'classes'],
        ],
        /images\/.*\.png: expected a whole PNG/,
      ],
      [
        'a step beyond the tile',
        () => [
          'predict',
          ...['--model', at('models', 'classifier'), '--input', at('damaged', 'images')],
          ...['--out', out, '--name', 'classes', '--step', '9999'],
        ],
        /--step: expected 1 to \d+ pixels/,
      ],
      [
        'a pixel size without a grid',
        () => [
          'predict',
          ...['--model', at('models', 'classifier'), '--input', at('damaged', 'images')],
          ...['--out', out, '--name', 'classes', '--pixel-size', '1000'],
        ],
        /--crs and --pixel-size: expected both/,
      ],
      [
        'a truncated model',
        () => [
          ...['predict', '--model', at('cut-model')],
          ...['--input', testData('change_pairs'), '--out', out],
        ],
        /cut-model: .*expected a header/,
      ],
      [
        'a period without data',
        () => [
          ...evaluate('convlstm', 'data/test/sea_ice_concentration.zarr')(),
          ...['--from', '1900-01-01', '--to', '1900-12-31'],
        ],
        /zarr: expected at least 37 consecutive days from 1900-01-01 to 1900-12-31/,
      ],
      ['an unknown option', run('--bogus'), /^Expected a known option.*--bogus$/],
      ['no epochs', run('--epochs', '0'), /epochs: .*>0. Received: 0$/],
      ['a patch of no cells', () => run('--config', at('patch.json'))(), /patchSize: .*>0/],
      ['a missing config', () => run('--config', at('no.json'))(), /no\.json: expected a readable/],
      [
        'a source without its files',
        () => run('--source', 'nsidc-0081', '--only', 'convlstm', '--input', at('damaged'))(),
        /damaged: expected daily files of nsidc-0081/,
      ],
      [
        'a place that cannot be written',
        () => ['run', '--profile', 'smoke', '--only', 'classifier', '--out', at('file', 'below')],
        /file\/below.*: expected a folder. Received: a file on the way there/,
      ],
      [
        'another seed for a run that goes on',
        () => ['run', '--resume', '--name', 'whole', '--seed', '8', '--out', out],
        /run whole, seed: expected 7/,
      ],
      [
        'a run that is not there',
        () => ['evaluate', '--name', 'none', '--out', out],
        /none: expected a run with .*Runs there: /,
      ],
    ])('%s', async (_, args, expected) => {
      const before = listFiles(out);
      const { code, err } = await runCli(args());
      const lines = err.trimEnd().split('\n');
      const sentence = lines.at(-1) ?? '';
      expect(code, err).toBe(2);
      expect(sentence).toMatch(expected);
      expect(sentence).toContain('Received: ');
      expect(err).not.toMatch(/^ {4}at /m);
      expect(lines.slice(0, -1).filter((line) => !/^(backend|estimate): /.test(line))).toEqual([]);
      expect(listFiles(out)).toEqual(before);
    });
  });
});

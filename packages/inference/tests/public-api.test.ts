import { expect, it } from 'vitest';
import * as forecast from '../src/forecast.js';
import * as api from '../src/index.js';
import * as inputs from '../src/inputs.js';

it('exports exactly the public API', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "FUTURE_CHANNELS",
      "InferenceError",
      "NO_CHANGE_KNOWN",
      "NO_CLASS",
      "PAST_CHANNELS",
      "applyInterval",
      "changeMap",
      "changeProbability",
      "classMap",
      "classProbabilities",
      "classProbabilityMap",
      "createForecaster",
      "createInputBuilder",
      "createIntervalFit",
      "expectSameGrid",
      "forecastMap",
      "forecastOn",
      "forecastTensors",
      "gridFor",
      "imageTensor",
      "isInferenceError",
      "loadInterval",
      "loadReference",
      "metaField",
      "modelKind",
      "normalised",
      "observation",
      "openModelFolder",
      "openScene",
      "prepareSeries",
      "saveInterval",
      "saveReference",
      "statisticsFromDaily",
      "statisticsFromMonthly",
      "uniformDamping",
      "weighLeads",
      "writeMaps",
      "writeMapsOnGrid",
    ]
  `);
  expect(Object.keys(forecast).sort()).toMatchInlineSnapshot(`
    [
      "FUTURE_CHANNELS",
      "InferenceError",
      "PAST_CHANNELS",
      "applyInterval",
      "createForecaster",
      "createInputBuilder",
      "createIntervalFit",
      "forecastOn",
      "forecastTensors",
      "isInferenceError",
      "observation",
      "prepareSeries",
      "statisticsFromDaily",
      "statisticsFromMonthly",
      "uniformDamping",
      "weighLeads",
    ]
  `);
  expect(Object.keys(inputs).sort()).toMatchInlineSnapshot(`
    [
      "FUTURE_CHANNELS",
      "PAST_CHANNELS",
      "createInputBuilder",
      "normalised",
      "weighLeads",
    ]
  `);
});

it('keeps what a browser lacks out of the forecaster, and TensorFlow out of the inputs', async () => {
  const { build } = await import('vite');
  const loaded = async (entry: string, external: (id: string) => boolean = () => false) => {
    const modules: string[] = [];
    await build({
      logLevel: 'silent',
      resolve: { conditions: ['@arctic/source', 'module', 'browser', 'import', 'default'] },
      build: {
        write: false,
        lib: { entry, formats: ['es'] },
        rollupOptions: {
          external,
          plugins: [{ name: 'note', load: (id) => void modules.push(id) }],
        },
      },
    });
    return modules.map((id) => id.replaceAll('\\\\', '/'));
  };
  const source = (name: string) => new URL(`../src/${name}`, import.meta.url).pathname;
  const forecaster = await loaded(source('forecast.ts'));
  expect(forecaster.filter((id) => /packages\/(raster|preprocess)\//.test(id))).toEqual([]);
  const named: string[] = [];
  const plain = await loaded(source('inputs.ts'), (id) => {
    if (/^[./]|^@arctic/.test(id)) return false;
    named.push(id);
    return true;
  });
  expect(named.filter((id) => /tensorflow/.test(id))).toEqual([]);
  expect(plain.filter((id) => /tfjs|packages\/nn\//.test(id))).toEqual([]);
}, 60_000);

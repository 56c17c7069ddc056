import { forecastOn, type SeriesFields } from '@arctic/inference/forecast';
import { fromPretrained } from '@arctic/model-convlstm';
import { readSafetensors, type SafetensorsFile } from '@arctic/nn';
import { createApi, messageOf } from './api.js';
import { openBackend } from './backend.js';
import type { ComputeAnswer, ComputeRequest } from './compute-messages.js';

/** Makes the server's forecast again, from the same inputs with the same model. */
async function compute(
  { base, key, hemisphere, date, backend: wanted }: ComputeRequest,
  tell: (answer: ComputeAnswer) => void,
): Promise<ComputeAnswer> {
  const api = createApi(base, key);
  const began = performance.now();
  tell({ kind: 'progress', text: 'Reading the forecaster and its inputs …' });
  const bytesOf = async (path: string, query = {}) =>
    new Uint8Array(await (await api.get(path, query)).arrayBuffer());
  const [config, parameters, inputs, backend] = await Promise.all([
    bytesOf('models/convlstm/files/config.json'),
    bytesOf('models/convlstm/files/model.safetensors'),
    bytesOf('predictions/inputs', { hemisphere, date }),
    openBackend(wanted),
  ]);
  const model = await fromPretrained({
    'config.json': new TextDecoder().decode(config),
    'model.safetensors': parameters,
  });
  const read = performance.now();
  tell({ kind: 'progress', text: `Computing with ${backend} …` });
  const { inputSteps } = model.config;
  const series = seriesOf(readSafetensors(inputs), inputSteps);
  const cells = series.active.length;
  const forecast = (await forecastOn(model, series, inputSteps - 1)).map((value, i) =>
    series.active[i % cells] ? value : NaN,
  );
  model.dispose();
  return {
    kind: 'done',
    backend,
    seconds: { reading: (read - began) / 1000, computing: (performance.now() - read) / 1000 },
    forecast,
    bytes: config.length + parameters.length + inputs.length,
  };
}

/** The inputs as a series that ends with the issue day. */
function seriesOf({ tensors, metadata }: SafetensorsFile, inputSteps: number): SeriesFields {
  const of = (name: string) => {
    const found = tensors.get(name);
    if (!found) throw new Error(`Expected the array ${name} in the inputs. Received: none`);
    return found;
  };
  const floats = (name: string) => Float32Array.from(of(name).data);
  const [height = 0, width = 0] = of('active').shape;
  const cells = height * width;
  const first = Number(metadata['firstDay']);
  const normal = floats('normal');
  return {
    sic: floats('sic'),
    observed: new Uint8Array(inputSteps * cells), // told of targets alone, which are to come
    days: Int32Array.from({ length: inputSteps }, (_, i) => first + i),
    height,
    width,
    active: Uint8Array.from(of('active').data),
    climatology: (day) => normal.subarray((day - first) * cells, (day - first + 1) * cells),
    damping: { leads: of('alpha').shape[0] ?? 0, cells, alpha: floats('alpha'), domainMean: [] },
  };
}

addEventListener('message', ({ data, ports }: MessageEvent<ComputeRequest>) => {
  const [port] = ports;
  if (!port) return;
  const tell = (answer: ComputeAnswer) => port.postMessage(answer);
  compute(data, tell).then(tell, (error: unknown) =>
    tell({ kind: 'failed', message: messageOf(error) }),
  );
});

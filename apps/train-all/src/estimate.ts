import * as tf from '@tensorflow/tfjs-core';
import type { ModelName, RunConfig } from './config.js';

/** GFLOP of one forward pass of one image at 256×256, by preset. */
const IMAGE_GFLOP = {
  classifier: { tiny: 0.1, resnet18: 4.8, resnet34: 9.6, resnet50: 10.8 },
  siamese: { tiny: 0.3, small: 1.5, resnet18: 16, resnet34: 26 },
} as const;

/** Training costs a forward and two backward passes. */
const TRAINING_PASSES = 3;
/** Share of the measured convolution speed that a whole step reaches: what lies between the convolutions takes the rest. */
const EFFICIENCY = 0.45;
/** Seconds to generate and preprocess one sample of each task. */
const SAMPLE_SECONDS: Readonly<Record<ModelName, number>> = {
  classifier: 0.05,
  convlstm: 0.1,
  siamese: 0.09,
};
/** Start-up, pictures, files. */
const FIXED_SECONDS = 20;

/** One line that says how long a run will take on this machine, from its convolution speed and the size of the models. */
export async function estimate(config: RunConfig): Promise<string> {
  const speed = await convolutionGflops();
  const parts = config.models.map((model) => {
    const { samples, testSamples } = config;
    const compute = gflop(config, model) / (speed * EFFICIENCY);
    const seconds =
      compute +
      (model !== 'convlstm' || config.source === 'synthetic'
        ? SAMPLE_SECONDS[model] * (samples + testSamples)
        : 60);
    return { model, seconds };
  });
  const total = parts.reduce((sum, { seconds }) => sum + seconds, FIXED_SECONDS);
  const list = parts.map(({ model, seconds }) => `${model} ${duration(seconds)}`).join(', ');
  return `estimate: about ${duration(total)} (${list}); convolutions run at ${speed.toFixed(0)} GFLOP/s here`;
}

function gflop(config: RunConfig, model: ModelName): number {
  const { samples, testSamples } = config;
  const trainingSamples = (samples * 70) / 85;
  if (model === 'convlstm') {
    const { convlstm } = config;
    const real = config.source !== 'synthetic';
    const crop = convlstm.cropSize === 0 ? (real ? 369 : 64) : convlstm.cropSize;
    const perCell = convlstmMflopPerPatch(config) / 1000 / convlstm.patchSize ** 2;
    const seen =
      convlstm.samplesPerEpoch === 0 ? (real ? 600 : trainingSamples) : convlstm.samplesPerEpoch;
    const whole = real ? 448 * 304 : 64 * 64;
    const checked = convlstm.epochs * 12 + (real ? 90 : testSamples);
    return perCell * (TRAINING_PASSES * convlstm.epochs * seen * crop ** 2 + checked * whole);
  }
  const settings = config[model];
  const perImage = (IMAGE_GFLOP[model] as Readonly<Record<string, number>>)[settings.preset] ?? 10;
  const scale = (settings.inputSize / 256) ** 2;
  const passes =
    settings.epochs * (TRAINING_PASSES * trainingSamples + (samples - trainingSamples)) +
    testSamples;
  return perImage * scale * passes;
}

/** MFLOP of all steps for one patch: gates of every layer, in encoder and forecaster. */
function convlstmMflopPerPatch({
  convlstm: { hiddenChannels, inputSteps, outputSteps, patchSize },
}: RunConfig): number {
  const patch = patchSize ** 2;
  const stack = (input: number) => {
    let channels = input;
    return hiddenChannels.reduce((sum, hidden) => {
      const cost = 2 * 9 * (channels + hidden) * 4 * hidden;
      channels = hidden;
      return sum + cost;
    }, 0);
  };
  return (inputSteps * stack(3 * patch) + outputSteps * stack(5 * patch)) / 1e6;
}

/** Speed of a typical 3×3 convolution, measured. */
async function convolutionGflops(): Promise<number> {
  const native = tf.getBackend() === 'tensorflow';
  const [size, channels] = native ? [64, 64] : [16, 16];
  const x = tf.randomNormal<tf.Rank.R4>([4, size, size, channels], 0, 1, 'float32', 1);
  const w = tf.randomNormal<tf.Rank.R4>([3, 3, channels, channels], 0, 1, 'float32', 2);
  let best = Infinity;
  for (let i = 0; i < 4; i++) {
    const start = performance.now();
    const y = tf.conv2d(x, w, 1, 'same');
    await y.data();
    best = Math.min(best, (performance.now() - start) / 1000);
    y.dispose();
  }
  tf.dispose([x, w]);
  return (2 * 9 * channels * channels * 4 * size * size) / best / 1e9;
}

function duration(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}

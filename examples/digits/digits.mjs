// A small convolutional network learns to read handwritten digits.
//
//   node digits.mjs IMAGES.idx3-ubyte.gz LABELS.idx1-ubyte.gz [RUN-FOLDER]
//
// Any IDX files of 28 × 28 images do (MNIST's, for example). Kill it and start it again: it goes on where it stood, and
// ends with the same weights.
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { loadBackend } from '@arctic/runtime';
import {
  consume,
  createRng,
  csvLogger,
  fit,
  loadWeights,
  progressBar,
  RESUMABLE_EXIT_CODE,
  shareOf,
  stopOnSignals,
} from '@arctic/trainer-core';
import * as tf from '@tensorflow/tfjs';

const SIDE = 28;
const CLASSES = 10;
const [imageFile, labelFile, runFolder = 'runs/digits'] = process.argv.slice(2);
if (!imageFile || !labelFile || !existsSync(imageFile) || !existsSync(labelFile)) {
  console.error('Expected two files: node digits.mjs IMAGES.idx3-ubyte.gz LABELS.idx1-ubyte.gz');
  process.exit(2);
}

/** The values of an IDX file of bytes, after its header of sizes. */
function readIdx(path) {
  const bytes = gunzipSync(readFileSync(path));
  const dimensions = bytes[3];
  return bytes.subarray(4 + 4 * dimensions);
}

/** Every eighth digit is for the test, the one after it for validation: the files are sorted by class. */
function splitDigits(labels) {
  const all = Array.from(labels, (_, i) => i);
  return {
    train: all.filter((i) => i % 8 > 1),
    validation: all.filter((i) => i % 8 === 1),
    test: all.filter((i) => i % 8 === 0),
  };
}

/** Two convolutions and two dense layers: parameters as the trainer wants them, and the forward pass. */
function createNetwork(seed) {
  const rng = createRng(seed);
  const parameters = [];
  const add = (name, shape, fanIn) => {
    const values = Float32Array.from(
      { length: shape.reduce((a, b) => a * b, 1) },
      () => (fanIn ? Math.sqrt(2 / fanIn) * rng.normal() : 0), // He et al. 2015
    );
    const variable = tf.tidy(() => tf.variable(tf.tensor(values, shape)));
    parameters.push({ name, variable, trainable: true, decay: fanIn > 0 });
    return variable;
  };
  const conv1 = [add('conv1.weight', [3, 3, 1, 24], 9), add('conv1.bias', [24], 0)];
  const conv2 = [add('conv2.weight', [3, 3, 24, 48], 216), add('conv2.bias', [48], 0)];
  const dense1 = [add('dense1.weight', [7 * 7 * 48, 128], 2352), add('dense1.bias', [128], 0)];
  const dense2 = [add('dense2.weight', [128, CLASSES], 128), add('dense2.bias', [CLASSES], 0)];
  const block = (x, [weight, bias]) =>
    tf.maxPool(tf.relu(tf.add(tf.conv2d(x, weight, 1, 'same'), bias)), 2, 2, 'same');
  return {
    parameters,
    /** Logits [B,10] of images [B,28,28,1]. */
    forward(x) {
      const features = tf.reshape(block(block(x, conv1), conv2), [-1, 7 * 7 * 48]);
      const hidden = tf.relu(tf.add(tf.matMul(features, dense1[0]), dense1[1]));
      return tf.add(tf.matMul(hidden, dense2[0]), dense2[1]);
    },
  };
}

/** An image moved by up to two pixels either way, 0..1, into `out`. */
function shiftedInto(image, rng, out) {
  const dx = Math.floor(5 * rng.next()) - 2;
  const dy = Math.floor(5 * rng.next()) - 2;
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const [row, column] = [y - dy, x - dx];
      const inside = row >= 0 && row < SIDE && column >= 0 && column < SIDE;
      out[y * SIDE + x] = inside ? image[row * SIDE + column] / 255 : 0;
    }
  }
}

const images = readIdx(imageFile);
const labels = readIdx(labelFile);
const split = splitDigits(labels);
const image = (i) => images.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE);
const { backend, device } = await loadBackend({ autoInstall: true });
console.error(`backend: ${backend}, ${device}`);
const network = createNetwork(1);

/** How many of these digits are read rightly, and the summed loss. */
async function judge(indices) {
  const [right, loss] = tf.tidy(() => {
    const pixels = Float32Array.from(
      indices.flatMap((i) => [...image(i)]),
      (v) => v / 255,
    );
    const logits = network.forward(tf.tensor(pixels, [indices.length, SIDE, SIDE, 1]));
    const truth = tf.tensor1d(
      indices.map((i) => labels[i]),
      'int32',
    );
    const right = tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), truth), 'float32'));
    const costs = tf.losses.softmaxCrossEntropy(tf.oneHot(truth, CLASSES), logits);
    return [right, tf.mul(costs, indices.length)];
  });
  const sums = { right: (await right.data())[0], loss: (await loss.data())[0] };
  tf.dispose([right, loss]);
  return sums;
}

const batchesOf = (indices, size = 250) =>
  Array.from({ length: Math.ceil(indices.length / size) }, (_, b) =>
    indices.slice(b * size, (b + 1) * size),
  );

const task = {
  parameters: network.parameters,
  trainSize: split.train.length,
  trainBatch(indices, rngs) {
    const pixels = new Float32Array(indices.length * SIDE * SIDE);
    indices.forEach((i, n) => {
      const out = pixels.subarray(n * SIDE * SIDE, (n + 1) * SIDE * SIDE);
      shiftedInto(image(split.train[i]), rngs[n], out);
    });
    const truth = tf.tensor1d(
      indices.map((i) => labels[split.train[i]]),
      'int32',
    );
    const y = tf.oneHot(truth, CLASSES);
    truth.dispose();
    return { x: tf.tensor(pixels, [indices.length, SIDE, SIDE, 1]), y };
  },
  loss: ({ x, y }) => tf.losses.softmaxCrossEntropy(y, network.forward(x)),
  async validate(request) {
    const sums = { right: 0, loss: 0, n: 0 };
    for (const indices of shareOf(batchesOf(split.validation), request)) {
      const { right, loss } = await judge(indices);
      sums.right += right;
      sums.loss += loss;
      sums.n += indices.length;
    }
    return {
      val_loss: { sum: sums.loss, weight: sums.n },
      val_accuracy: { sum: sums.right, weight: sums.n },
    };
  },
};

const stop = stopOnSignals(process);
const { stderr } = process;
const result = await consume(
  fit(task, {
    epochs: 16,
    batchSize: 64,
    seed: 1,
    optimizer: { kind: 'adamw', learningRate: 2e-3 },
    schedule: { kind: 'cosine', warmupSteps: 50 },
    ema: { decay: 0.99 },
    monitor: { name: 'val_accuracy', mode: 'max' },
    runFolder,
    resume: true,
    signal: stop.signal,
  }),
  csvLogger(`${runFolder}/metrics.csv`),
  progressBar({
    write: (text) => stderr.write(text),
    isTTY: stderr.isTTY,
    now: () => performance.now(),
  }),
);
stop.dispose();

if (result.reason === 'aborted') process.exitCode = RESUMABLE_EXIT_CODE;
else {
  await loadWeights(`${runFolder}/checkpoints/best`, network.parameters);
  let right = 0;
  for (const indices of batchesOf(split.test)) right += (await judge(indices)).right;
  const percent = ((100 * right) / split.test.length).toFixed(2);
  console.log(`test: ${right} of ${split.test.length} digits read rightly, ${percent} %`);
}

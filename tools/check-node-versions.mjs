// One training step of a small network under Node 20, 22 and 24, with the same installed addon: loss and
// weights must agree to 1e-6. The program is an unmodified one that knows @tensorflow/tfjs-node alone.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { nodeOf } from './node-of.mjs';

const MAJORS = [20, 22, 24];
const TOLERANCE = 1e-6;
const root = join(import.meta.dirname, '..');
const packageFolder = join(root, 'packages', 'runtime');
const register = pathToFileURL(join(packageFolder, 'dist', 'register.js')).href;

const PROGRAM = `
const tf = require('@tensorflow/tfjs-node');
const random = (seed, ...shape) => tf.randomNormal(shape, 0, 0.3, 'float32', seed);
const images = random(1, 4, 16, 16, 3);
const labels = tf.oneHot(tf.tensor1d([0, 1, 2, 1], 'int32'), 3);
const weights = [random(2, 3, 3, 3, 8), random(3, 8 * 8 * 8, 3), tf.zeros([3])].map((w) => tf.variable(w));
const loss = () => tf.tidy(() => {
  const [filter, dense, bias] = weights;
  const features = tf.maxPool(tf.relu(tf.conv2d(images, filter, 1, 'same')), 2, 2, 'valid');
  const logits = tf.add(tf.matMul(tf.reshape(features, [4, -1]), dense), bias);
  return tf.losses.softmaxCrossEntropy(labels, logits);
});
const before = tf.train.adam(0.01).minimize(loss, true, weights).dataSync()[0];
console.log(JSON.stringify({
  node: process.versions.node,
  tensorflow: tf.backend().binding.TF_Version,
  numbers: [before, loss().dataSync()[0], ...weights.flatMap((w) => Array.from(w.dataSync()))],
}));
`;

execFileSync('npm', ['run', '--silent', 'build'], { cwd: packageFolder, stdio: 'ignore' });
const results = MAJORS.map((major) => {
  const args = ['--import', register, '--input-type=commonjs', '-e', PROGRAM];
  // stderr is part of the check: no warning, no log line.
  const output = execFileSync('sh', ['-c', 'exec "$@" 2>&1', 'sh', nodeOf(major), ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  if (!output.startsWith('{')) throw new Error(`Node ${major} has something to say: ${output}`);
  return JSON.parse(output);
});
const [reference] = results;
let failed = false;
for (const { node, tensorflow, numbers } of results) {
  const difference = Math.max(...numbers.map((x, i) => Math.abs(x - reference.numbers[i])));
  const ok = difference <= TOLERANCE && numbers.length === reference.numbers.length;
  failed ||= !ok;
  console.log(
    `Node ${node}, TensorFlow ${tensorflow}: loss ${numbers[0].toFixed(6)} -> ${numbers[1].toFixed(6)}, ` +
      `${numbers.length - 2} weights, largest difference ${difference} ${ok ? 'ok' : 'FAILED'}`,
  );
}
process.exitCode = failed ? 1 : 0;

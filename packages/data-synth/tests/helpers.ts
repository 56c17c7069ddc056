import { createHash } from 'node:crypto';

/** Digest of arrays, so that a difference in any byte shows. */
export function digest(...arrays: readonly ArrayBufferView[]): string {
  const hash = createHash('sha256');
  for (const array of arrays) {
    hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  }
  return hash.digest('hex');
}

/** Mean and standard deviation of each channel of an RGB picture, [6]. */
export function meansAndDeviations(image: Uint8Array): number[] {
  const out: number[] = [];
  for (let channel = 0; channel < 3; channel++) {
    let sum = 0;
    let squares = 0;
    for (let i = channel; i < image.length; i += 3) {
      const value = (image[i] ?? 0) / 255;
      sum += value;
      squares += value * value;
    }
    const mean = sum / (image.length / 3);
    out.push(mean, Math.sqrt(squares / (image.length / 3) - mean * mean));
  }
  return out;
}

/** Accuracy on the test rows of a logistic regression fitted to the training rows by gradient descent. */
export function logisticAccuracy(
  train: { readonly x: readonly number[][]; readonly y: readonly number[] },
  test: { readonly x: readonly number[][]; readonly y: readonly number[] },
): number {
  const features = train.x[0]?.length ?? 0;
  const at = (row: readonly number[] | undefined, j: number): number => row?.[j] ?? 0;
  const mean: number[] = [];
  const scale: number[] = [];
  for (let j = 0; j < features; j++) {
    const column = train.x.map((row) => at(row, j));
    const middle = column.reduce((a, b) => a + b, 0) / column.length;
    const spread = Math.sqrt(column.reduce((a, b) => a + (b - middle) ** 2, 0) / column.length);
    mean.push(middle);
    scale.push(spread);
  }
  const normal = (x: readonly number[][]): number[][] =>
    x.map((row) => [1, ...row.map((value, j) => (value - (mean[j] ?? 0)) / (scale[j] ?? 1))]);
  const weights = [0, 1, 2].map(() => new Array<number>(features + 1).fill(0));
  const probabilities = (row: readonly number[]): number[] => {
    const scores = weights.map((w) => w.reduce((sum, value, j) => sum + value * at(row, j), 0));
    const top = Math.max(...scores);
    const powers = scores.map((score) => Math.exp(score - top));
    const total = powers.reduce((a, b) => a + b, 0);
    return powers.map((value) => value / total);
  };
  const rows = normal(train.x);
  for (let step = 0; step < 800; step++) {
    const gradient = weights.map((w) => w.map((value) => 0.002 * value));
    rows.forEach((row, i) => {
      probabilities(row).forEach((p, k) => {
        const error = (p - (train.y[i] === k ? 1 : 0)) / rows.length;
        gradient[k] = (gradient[k] ?? []).map((g, j) => g + error * at(row, j));
      });
    });
    weights.forEach((w, k) => {
      weights[k] = w.map((value, j) => value - 0.8 * at(gradient[k], j));
    });
  }
  const right = normal(test.x).filter((row, i) => {
    const p = probabilities(row);
    return p.indexOf(Math.max(...p)) === test.y[i];
  });
  return right.length / test.x.length;
}

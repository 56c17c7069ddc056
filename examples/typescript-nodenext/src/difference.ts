/** Mean and standard deviation of one channel of interleaved RGB. */
function statistics(image: Uint8Array, channel: number): readonly [number, number] {
  let sum = 0;
  let squares = 0;
  const n = image.length / 3;
  for (let i = channel; i < image.length; i += 3) {
    const value = image[i] ?? 0;
    sum += value;
    squares += value * value;
  }
  const mean = sum / n;
  return [mean, Math.sqrt(Math.max(squares / n - mean * mean, 1e-6))];
}

/**
 * The difference of two pictures, [H,W], scaled to 0..1, after both were brought to the same mean and deviation per
 * channel: light and tint differ between dates, and are no change.
 *
 * @param before RGB, [H,W,3].
 * @param after RGB, [H,W,3].
 */
export function imageDifference(before: Uint8Array, after: Uint8Array): Float32Array {
  const difference = new Float32Array(before.length / 3);
  for (let channel = 0; channel < 3; channel++) {
    const [meanBefore, deviationBefore] = statistics(before, channel);
    const [meanAfter, deviationAfter] = statistics(after, channel);
    for (let pixel = 0; pixel < difference.length; pixel++) {
      const a = ((before[3 * pixel + channel] ?? 0) - meanBefore) / deviationBefore;
      const b = ((after[3 * pixel + channel] ?? 0) - meanAfter) / deviationAfter;
      difference[pixel] = (difference[pixel] ?? 0) + Math.abs(a - b);
    }
  }
  const most = difference.reduce((a, b) => Math.max(a, b), 1e-6);
  return difference.map((value) => value / most);
}

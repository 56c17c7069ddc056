/** Points on y = 3x − 1 with the noise that the request brings: what a task's batch is made of. */
export function createWorker({ size }) {
  return ({ indices, noise }) => {
    const x = Float32Array.from(indices, (i) => (2 * i) / size - 1);
    const y = x.map((v, n) => 3 * v - 1 + 0.1 * noise[n]);
    return { value: { x, y }, transfer: [x.buffer, y.buffer] };
  };
}

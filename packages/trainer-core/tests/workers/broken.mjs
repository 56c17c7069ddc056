/** Cannot begin. */
export function createWorker() {
  throw new Error('No data here.');
}

import Module from 'node:module';

/** Which files of TensorFlow a thread has loaded after it imported a module, whose URL is asked for. */
export function createWorker() {
  return async (url) => {
    await import(url);
    return { value: Object.keys(Module._cache).filter((path) => path.includes('@tensorflow')) };
  };
}

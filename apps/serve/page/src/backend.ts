import * as tf from '@tensorflow/tfjs-core';
import plainWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simdWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import { BACKENDS, type Backend } from './compute-messages.js';

/** How each backend is loaded: only that which is used. */
const LOADERS: Readonly<Record<Backend, () => Promise<unknown>>> = {
  webgpu: () => import('@tensorflow/tfjs-backend-webgpu'),
  webgl: () => import('@tensorflow/tfjs-backend-webgl'),
  async wasm() {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    setWasmPaths({
      'tfjs-backend-wasm.wasm': plainWasm,
      'tfjs-backend-wasm-simd.wasm': simdWasm,
      'tfjs-backend-wasm-threaded-simd.wasm': threadedWasm,
    });
  },
};

/** Whether it is worth loading: that there is a GPU is known before. */
async function isThere(backend: Backend): Promise<boolean> {
  if (backend === 'webgpu') {
    const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<object | null> } }; // not in every browser
    return (await gpu?.requestAdapter()) != null;
  }
  if (backend === 'webgl') return new OffscreenCanvas(1, 1).getContext('webgl2') !== null;
  return true;
}

/** Begins a backend, the fastest that there is for `auto`. @throws Error where it cannot begin */
export async function openBackend(wanted: Backend | 'auto'): Promise<Backend> {
  const reasons: string[] = [];
  for (const backend of wanted === 'auto' ? BACKENDS : [wanted]) {
    try {
      if (!(await isThere(backend))) throw new Error('this browser has none');
      await LOADERS[backend]();
      if (!(await tf.setBackend(backend))) throw new Error('it does not start');
      await tf.ready();
      return backend;
    } catch (error) {
      reasons.push(`${backend}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(`Expected a backend that starts. Received: ${reasons.join('; ')}`);
}

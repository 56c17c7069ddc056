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

/** What of WebGPU is asked here; not in every browser. */
interface Gpu {
  requestAdapter(): Promise<{ readonly info?: { readonly isFallbackAdapter?: boolean } } | null>;
}

/** Drivers that are no GPU: WebAssembly is faster. */
const SOFTWARE = /swiftshader|llvmpipe|software|basic render/i;

/**
 * Whether it is worth loading.
 *
 * @param onlyFast whether a GPU that is imitated by the processor counts as none.
 */
async function isThere(backend: Backend, onlyFast: boolean): Promise<boolean> {
  if (backend === 'webgpu') {
    const adapter = await (navigator as { gpu?: Gpu }).gpu?.requestAdapter(); // not in every browser
    return adapter != null && !(onlyFast && adapter.info?.isFallbackAdapter === true);
  }
  if (backend === 'webgl') {
    const context = new OffscreenCanvas(1, 1).getContext('webgl2');
    if (context === null) return false;
    const names = context.getExtension('WEBGL_debug_renderer_info');
    const renderer: unknown = names && context.getParameter(names.UNMASKED_RENDERER_WEBGL);
    return !(onlyFast && SOFTWARE.test(String(renderer)));
  }
  return true;
}

/** Begins a backend, the fastest that there is for `auto`. @throws Error where it cannot begin */
export async function openBackend(wanted: Backend | 'auto'): Promise<Backend> {
  const reasons: string[] = [];
  for (const backend of wanted === 'auto' ? BACKENDS : [wanted]) {
    try {
      if (!(await isThere(backend, wanted === 'auto'))) throw new Error('this browser has none');
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

/** Backends of TensorFlow.js that a browser has, the fastest first. */
export const BACKENDS = ['webgpu', 'webgl', 'wasm'] as const;
export type Backend = (typeof BACKENDS)[number];

/** What the page asks its worker for. */
export interface ComputeRequest {
  /** Address of the folder that the page lies in. */
  readonly base: string;
  readonly key: string | null;
  readonly hemisphere: string;
  /** Issue day, ISO. */
  readonly date: string;
  readonly backend: Backend | 'auto';
}

export type ComputeAnswer =
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'failed'; readonly message: string }
  | {
      readonly kind: 'done';
      readonly backend: Backend;
      /** Seconds of reading, and of the forecast itself. */
      readonly seconds: { readonly reading: number; readonly computing: number };
      /** [L,N], NaN where nothing is forecast. */
      readonly forecast: Float32Array;
      /** Bytes that were read. */
      readonly bytes: number;
    };

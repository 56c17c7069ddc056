interface Runtime {
  loadBackend(): Promise<{ readonly backend: string; readonly reason?: string }>;
}

/**
 * The name of the native backend, ready for `tf.setBackend`, or why it is not there.
 *
 * The computed path keeps the runtime out of the imports of packages that must not know it.
 */
export async function findNativeBackend(): Promise<{
  readonly name?: string;
  readonly reason: string;
}> {
  const path = new URL('../packages/runtime/src/index.ts', import.meta.url).href;
  // The path above is the runtime's.
  const { loadBackend } = (await import(/* @vite-ignore */ path)) as Runtime;
  const { backend, reason = '' } = await loadBackend();
  return backend === 'cpu' ? { reason } : { name: backend, reason };
}

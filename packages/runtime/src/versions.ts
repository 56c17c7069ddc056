/** The TensorFlow release that is fetched, and against which the addon was tested. */
export const TENSORFLOW_VERSION = '2.21.0';

/** A library of another release is taken from this minor version on. */
export const MINIMUM_TENSORFLOW_MINOR = 20;

/** The Node-API version of the addon: one binary for Node 20, 22 and 24. */
export const NAPI_VERSION = 8;

/** Whether the addon can use TensorFlow `version`. */
export function isUsableVersion(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major === 2 && minor >= MINIMUM_TENSORFLOW_MINOR;
}

/** The TensorFlow release that is fetched, and against which the addon was tested. */
export const TENSORFLOW_VERSION = '2.21.0';

/** A library of another release is taken from a Python environment from this minor version on. */
export const MINIMUM_TENSORFLOW_MINOR = 20;

/** The Node-API version of the addon: one binary for Node 20, 22 and 24. */
export const NAPI_VERSION = 8;

/** One wheel of `tensorflow-cpu`, named so that pip fetches it whatever Python it runs in. */
export interface PinnedWheel {
  readonly file: string;
  readonly pythonVersion: string;
  readonly platformTag: string;
  /** Size of the download in bytes, for progress. */
  readonly bytes: number;
  readonly sha256: string;
}

/** The pinned wheels by `process.platform`-`process.arch`; a platform without one needs its own library. */
export const WHEELS: Readonly<Record<string, PinnedWheel>> = {
  'linux-x64': {
    file: 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
    pythonVersion: '311',
    platformTag: 'manylinux_2_27_x86_64',
    bytes: 273_829_956,
    sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
  },
};

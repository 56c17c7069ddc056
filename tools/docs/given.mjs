// What short examples of a package take as given, and of what type it is.
const trainer = (name) => `import('@arctic/trainer-core').${name}`;
const raster = (name) => `import('@arctic/raster').${name}`;
const TENSOR = "import('@tensorflow/tfjs-core').Tensor";

export const GIVEN = {
  'packages/data-real': { cube: raster('SicCube') },
  'packages/raster': {
    raster: raster('Raster'),
    source: raster('Grid'),
    grid: raster('Grid'),
    variable: raster('RasterVariable'),
  },
  'packages/nn': { communicator: '{ allReduceInto(values: Float64Array): void }' },
  'packages/trainer-core': {
    task: trainer(`TrainTask<${TENSOR}>`),
    options: trainer('FitOptions'),
    batches: 'readonly (readonly number[])[]',
    scores: 'number[]',
    score: '(batch: readonly number[]) => number',
    validate: '() => Promise<Record<string, number>>',
    norm: 'number',
    gradients: `ReadonlyMap<string, ${TENSOR}>`,
    learningRate: 'number',
    optimizer: trainer('Optimizer'),
    files: 'readonly string[]',
    decode: '(file: string | undefined) => Promise<Float32Array>',
    taskOf: `(settings: ${trainer('Settings')}) => ${trainer(`TrainTask<${TENSOR}>`)}`,
    request: trainer('ValidationRequest'),
  },
};

/** Examples whose types are checked and that are not run, and why. */
export const NOT_RUN = {
  'packages/data-real/src/download/download-file.ts': 'the network',
  'packages/data-real/src/download/download-source.ts': 'the network',
  'packages/mpi/src/connect.ts': 'an MPI',
  'packages/trainer-core/src/worker-pool.ts': 'a built module',
};

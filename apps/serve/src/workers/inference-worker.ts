import { modelKind, type ModelKind } from '@arctic/inference';
import { fromPretrained as openClassifier } from '@arctic/model-classifier';
import { fromPretrained as openConvLstm } from '@arctic/model-convlstm';
import { fromPretrained as openSiamese } from '@arctic/model-siamese';
import { loadReference } from '@arctic/inference';
import { loadBackend } from '@arctic/runtime';
import type * as tf from '@tensorflow/tfjs-core';
import { ServeError } from '../errors.js';
import { forecastJob } from './forecast-job.js';
import type { InferenceJob } from './jobs.js';
import { changesJob, classifyJob } from './map-job.js';
import { serveJobs } from './serve-jobs.js';

const OPENERS = {
  classifier: openClassifier,
  convlstm: openConvLstm,
  siamese: openSiamese,
} as const;

type Model<K extends ModelKind> = Awaited<ReturnType<(typeof OPENERS)[K]>>;

const backend = loadBackend();
/** The newest model of each kind. */
const open = new Map<ModelKind, { readonly folder: string; readonly model: Model<ModelKind> }>();

async function modelOf<K extends ModelKind>(kind: K, folder: string): Promise<Model<K>> {
  const known = open.get(kind);
  if (known?.folder === folder) return known.model as Model<K>; // kept by kind
  const model = (await OPENERS[kind](folder)) as Model<K>; // the opener of its kind
  known?.model.dispose();
  open.set(kind, { folder, model });
  return model;
}

/** Opens a model beside the one that is served and tries it. @throws where it cannot compute */
async function check(folder: string): Promise<null> {
  const kind = modelKind(folder);
  const model = await OPENERS[kind](folder);
  try {
    for (const { name, value } of weights(model))
      if (!(await value.data()).every(Number.isFinite))
        throw new ServeError(422, 'model', `${name}: expected finite weights.`);
    if (kind === 'convlstm' && (await loadReference(folder)) === null)
      throw new ServeError(422, 'model', 'Expected reference.safetensors. Received: no such file');
    for (const field of {
      classifier: ['normalisation', 'sceneSize'],
      siamese: ['normalisation', 'thresholds', 'inputSize', 'sceneSize'],
      convlstm: ['grid'],
    }[kind])
      if (!(field in model.meta))
        throw new ServeError(422, 'model', `Expected meta.${field} in config.json. Received: none`);
  } finally {
    model.dispose();
  }
  return null;
}

function weights(model: Model<ModelKind>): readonly { name: string; value: tf.Tensor }[] {
  return model.store.parameters.map(({ name, variable }) => ({ name, value: variable }));
}

serveJobs(async (job: InferenceJob) => {
  await backend;
  switch (job.kind) {
    case 'check':
      return check(job.folder);
    case 'forecast':
      return forecastJob(await modelOf('convlstm', job.folder), job);
    case 'classify':
      return classifyJob(await modelOf('classifier', job.folder), job);
    case 'changes':
      return changesJob(await modelOf('siamese', job.folder), job);
  }
}, 'client');

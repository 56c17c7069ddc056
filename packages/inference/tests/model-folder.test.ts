import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClassifier } from '@arctic/model-classifier';
import { createConvLstm } from '@arctic/model-convlstm';
import { createSiamese } from '@arctic/model-siamese';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import {
  InferenceError,
  isInferenceError,
  metaField,
  modelKind,
  openModelFolder,
} from '../src/index.js';

let folder = '';
beforeEach(async () => {
  await tf.setBackend('cpu');
  folder = mkdtempSync(join(tmpdir(), 'model-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function sentence(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (isInferenceError(error)) return error.message;
    throw error;
  }
  throw new Error('Expected an error. Received: none');
}

describe('modelKind', () => {
  it.each([
    ['classifier', () => createClassifier({ depth: 18, blocks: [1], width: 2 }, { seed: 1 })],
    ['convlstm', () => createConvLstm({ hiddenChannels: [1] }, { seed: 1 })],
    [
      'siamese',
      () => createSiamese({ blocks: [1], width: 2, decoderChannels: [2, 2] }, { seed: 1 }),
    ],
  ])('knows a saved %s', async (kind, create) => {
    const model = create();
    await model.save({ folder });
    expect(modelKind(folder)).toBe(kind);
    model.dispose();
  });

  it('names the folder without a model', () => {
    expect(sentence(() => modelKind(folder))).toBe(
      `${folder}: expected a model folder with config.json. Received: no such file`,
    );
  });

  it.each([
    ['{', /config\.json: expected JSON. Received: /],
    ['null', /expected an architecture of .* Received: none$/],
    ['{"architecture": "gan"}', /expected an architecture of .*convlstm.* Received: "gan"$/],
    ['{"architecture": "constructor"}', /Received: "constructor"$/],
  ])('says what is wrong with the config %j', (text, expected) => {
    writeFileSync(join(folder, 'config.json'), text);
    expect(sentence(() => modelKind(folder))).toMatch(expected);
  });
});

describe('metaField', () => {
  it('gives the field or says which are there', () => {
    expect(metaField({ inputSize: 32 }, 'inputSize', '/m')).toBe(32);
    expect(sentence(() => metaField({ a: 1, b: 2 }, 'inputSize', '/m'))).toMatch(
      /^\/m\/config\.json: expected meta\.inputSize.*Received: a, b$/,
    );
    expect(sentence(() => metaField({}, 'x', '/m'))).toMatch(/Received: no meta$/);
  });
});

describe('openModelFolder', () => {
  it('names the folder of a damaged model and keeps the cause', async () => {
    const cause = new InferenceError('Damaged file: expected a header. Received: nothing.');
    const opening = openModelFolder(() => Promise.reject(cause), '/m');
    await expect(opening).rejects.toMatchObject({
      message: '/m: Damaged file: expected a header. Received: nothing.',
      cause,
    });
  });
});

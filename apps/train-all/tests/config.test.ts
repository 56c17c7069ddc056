import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import {
  expectSameRun,
  readConfigFile,
  resolveConfig,
  type ConfigOverrides,
} from '../src/config.js';
import { isTaggedError } from '../src/errors.js';

const resolve = (file: unknown = {}, options: ConfigOverrides = {}) =>
  resolveConfig('run', '/out', file as ConfigOverrides, options); // files hold anything

/** The sentence that a wrong configuration ends with. */
function complaint(file: unknown, options: ConfigOverrides = {}): string {
  try {
    resolve(file, options);
  } catch (error) {
    if (isTaggedError(error)) return error.message;
    throw error;
  }
  throw new Error('Expected a complaint. Received: none');
}

describe('resolveConfig', () => {
  it('lets each layer override the one before: defaults, source, profile, file, command line', () => {
    const real = { source: 'nsidc-0081', input: 'daily' };
    const defaults = resolve();
    const source = resolve(real);
    const profile = resolve({ ...real, profile: 'smoke' });
    const file = resolve({ ...real, profile: 'smoke', convlstm: { epochs: 5 } });
    const options = resolve(
      { ...real, profile: 'smoke', convlstm: { epochs: 5, batchSize: 3 } },
      { convlstm: { epochs: 6 } },
    );
    expect(source.convlstm.cropSize).not.toBe(defaults.convlstm.cropSize);
    expect(source.convlstm.inputSteps).toBe(defaults.convlstm.inputSteps);
    expect(profile.convlstm.hiddenChannels).toEqual([4]);
    expect(profile.convlstm.samplesPerEpoch).toBe(source.convlstm.samplesPerEpoch);
    expect(file.convlstm.epochs).toBe(5);
    expect(file.convlstm.hiddenChannels).toEqual([4]);
    expect(options.convlstm).toMatchObject({ epochs: 6, batchSize: 3 });
  });

  it('takes the profile of the environment where neither file nor command line names one', () => {
    vi.stubEnv('ARCTIC_PROFILE', 'smoke');
    expect(resolve()).toMatchObject({ profile: 'smoke', samples: 12 });
    expect(resolve({ profile: 'full' }).profile).toBe('full');
    expect(resolve({}, { profile: 'default' }).profile).toBe('default');
    vi.stubEnv('ARCTIC_PROFILE', '');
    expect(resolve().profile).toBe('default');
    vi.stubEnv('ARCTIC_PROFILE', 'fast');
    expect(complaint({})).toBe(
      'ARCTIC_PROFILE: expected one of smoke, default, full. Received: fast',
    );
    vi.unstubAllEnvs();
  });

  it('takes profile and source from the command line before those of the file', () => {
    const config = resolve(
      { profile: 'full', source: 'nsidc-0081' },
      { profile: 'smoke', source: 'synthetic' },
    );
    expect(config).toMatchObject({ profile: 'smoke', source: 'synthetic', samples: 12 });
  });

  it('ignores options that were not given', () => {
    const { epochs } = resolve().classifier;
    expect(resolve({}, { seed: undefined, classifier: { epochs: undefined } })).toMatchObject({
      seed: 7,
      classifier: { epochs },
    });
  });

  it('keeps name and folder of this run when the file is the config.json of another', () => {
    const other = resolveConfig('other', '/elsewhere', {}, { seed: 3 });
    expect(resolve(other)).toEqual({ ...other, name: 'run', out: '/out' });
  });

  it('gives the default profile three models, 100 samples and at least 300 test scenes', () => {
    expect(resolve().models).toEqual(['classifier', 'convlstm', 'siamese']);
    expect(resolve().samples).toBe(100);
    expect(resolve().testSamples).toBeGreaterThanOrEqual(300);
  });

  it.each([
    [{ colour: 1 }, 'configuration: expected known settings only. Received: colour'],
    [{ siamese: { depth: 3 } }, 'configuration, siamese: expected known settings only'],
    [{ convlstm: { patchSize: 0 } }, /convlstm\.patchSize: .*>0.* Received: 0$/],
    [{ classifier: { epochs: 0 } }, /classifier\.epochs: .*>0.* Received: 0$/],
    [{ classifier: { epochs: 1.5 } }, /classifier\.epochs: .*int.* Received: 1\.5$/],
    [{ convlstm: { hiddenChannels: [8, -1] } }, /hiddenChannels\.1: .* Received: -1$/],
    [{ convlstm: { hiddenChannels: [] } }, /hiddenChannels: .* Received: \[\]$/],
    [{ convlstm: { cropSize: 30, patchSize: 4 } }, /cropSize: expected 0 or a multiple .* 30$/],
    [{ convlstm: { trainEnd: '2016-13-01' } }, /trainEnd: .* Received: "2016-13-01"$/],
    [{ convlstm: { trainEnd: '2016-09-30' } }, /both dates or none. Received: 2016-09-30$/],
    [{ convlstm: { testEnd: '2016-09-30' } }, /trainEnd and validationEnd beside it/],
    [
      { convlstm: { trainEnd: '2017-01-01', validationEnd: '2016-01-01' } },
      /before testEnd. Received: 2017-01-01, 2016-01-01$/,
    ],
    [{ convlstm: { climatologyYears: [2014, 1989] } }, /in order. Received: \[2014,1989\]$/],
    [{ profile: 'huge' }, /profile: .*smoke.* Received: "huge"$/],
    [{ profile: 'constructor' }, /profile: /],
    [{ source: 'goes-16' }, /source: expected one of synthetic, .* Received: goes-16$/],
    [{ source: 'nsidc-0081' }, /input: expected --input PATH .* Received: none$/],
    [{ models: ['classifier', 'classifier'] }, /models: expected each model once/],
    [{ models: ['gan'] }, /models\.0: .* Received: "gan"$/],
    [{ models: [] }, /models: .* Received: \[\]$/],
    [{ classifier: null }, /classifier: .* Received: null$/],
    [{ seed: -1 }, /seed: .* Received: -1$/],
    [{ samples: 'many' }, /samples: .* Received: "many"$/],
  ])('says of %j in one sentence what is wrong', (file, expected) => {
    const text = complaint(file);
    expect(text).toMatch(expected);
    expect(text).toContain('Received: ');
    expect(text).not.toContain('\n');
    expect(text.length).toBeLessThan(200);
  });

  it('rejects names that would lead out of the folder of runs', () => {
    expect(() => resolveConfig('../x', '/out', {}, {})).toThrow(/name: .* Received: "..\/x"/);
    expect(() => resolveConfig('..', '/out', {}, {})).toThrow(/name: /);
  });
});

describe('expectSameRun', () => {
  const saved = resolve();
  it('allows more epochs and fewer models', () => {
    expectSameRun(saved, resolve(saved, { models: ['siamese'], siamese: { epochs: 99 } }));
  });
  it('refuses another seed', () => {
    expect(() => {
      expectSameRun(saved, resolve(saved, { seed: 8 }));
    }).toThrow(/run run, seed: expected 7.* Received: 8\./);
  });
});

describe('readConfigFile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'config-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it('reads settings', () => {
    expect(readConfigFile(file('good.json', '{"seed": 3}'))).toEqual({ seed: 3 });
  });
  it.each(['{', '[1]', 'null', '3'])('names the file that holds %j', (text) => {
    const path = file('bad.json', text);
    expect(() => readConfigFile(path)).toThrow(
      new RegExp(`^--config ${path}: expected .* Received: `),
    );
  });
  it('names the file that is not there', () => {
    expect(() => readConfigFile(join(folder, 'none.json'))).toThrow(
      /none\.json: expected .*ENOENT/,
    );
  });
});

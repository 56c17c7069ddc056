import { CommanderError } from 'commander';
import { describe, expect, it, vi } from 'vitest';
import { createCli, type Actions } from '../src/cli.js';
import { isTaggedError } from '../src/errors.js';
import { usageSentence } from '../src/usage-sentence.js';

/** Parses a command line; what was asked of the app, and what was printed. */
async function parse(line: string) {
  const actions = {
    run: vi.fn<Actions['run']>(() => Promise.resolve()),
    step: vi.fn<Actions['step']>(() => Promise.resolve()),
    evaluateModel: vi.fn<Actions['evaluateModel']>(() => Promise.resolve()),
    predict: vi.fn<Actions['predict']>(() => Promise.resolve()),
    inspect: vi.fn<Actions['inspect']>(() => Promise.resolve()),
    download: vi.fn<Actions['download']>(() => Promise.resolve()),
    findLr: vi.fn<Actions['findLr']>(() => Promise.resolve()),
    search: vi.fn<Actions['search']>(() => Promise.resolve()),
    searchTrial: vi.fn<Actions['searchTrial']>(() => Promise.resolve()),
    compare: vi.fn<Actions['compare']>(() => Promise.resolve()),
  };
  let out = '';
  const cli = createCli(actions);
  for (const command of [cli, ...cli.commands])
    command.configureOutput({
      writeOut: (text) => (out += text),
      writeErr: (text) => (out += text),
    });
  let error: unknown = null;
  await cli
    .parseAsync(line === '' ? [] : line.split(' '), { from: 'user' })
    .catch((e: unknown) => (error = e));
  return { ...actions, out, error };
}

describe('the command line', () => {
  it('turns the options of run into overrides', async () => {
    const { run } = await parse(
      'run --profile smoke --only siamese,classifier --epochs 3 --samples 20 --seed 9 --name x --out /o --resume',
    );
    expect(run).toHaveBeenCalledWith({
      name: 'x',
      out: '/o',
      resume: true,
      fastDevRun: false,
      overrides: {
        profile: 'smoke',
        models: ['siamese', 'classifier'],
        samples: 20,
        seed: 9,
        classifier: { epochs: 3 },
        siamese: { epochs: 3 },
        convlstm: { epochs: 3 },
      },
    });
  });

  it('takes paths relative to the folder of the caller', async () => {
    const { run } = await parse(
      'run --config a.json --source nsidc-0081 --input b --climatology c',
    );
    const [options] = run.mock.calls[0] ?? [];
    const base = process.env['INIT_CWD'] ?? process.cwd();
    expect(options).toMatchObject({ out: base, resume: false, configFile: `${base}/a.json` });
    expect(options?.overrides).toMatchObject({ input: `${base}/b`, climatology: `${base}/c` });
  });

  it.each(['data', 'preprocess', 'train', 'export', 'evaluate'])(
    'knows the step %s',
    async (name) => {
      const { step } = await parse(`${name} --seed 1`);
      expect(step).toHaveBeenCalledWith(name, expect.objectContaining({ resume: false }));
    },
  );

  it('takes --model of train as --only', async () => {
    const { step } = await parse('train --model convlstm');
    expect(step.mock.calls[0]?.[1].overrides.models).toEqual(['convlstm']);
  });

  it('evaluates a model folder on an input', async () => {
    const { evaluateModel } = await parse(
      'evaluate --model /m --input /i --from 2017-04-01 --to 2017-07-31 --name e',
    );
    expect(evaluateModel).toHaveBeenCalledWith(
      expect.objectContaining({
        model: '/m',
        input: '/i',
        from: '2017-04-01',
        to: '2017-07-31',
        name: 'e',
      }),
    );
  });

  it('inspects a path, for people or for programs', async () => {
    const { inspect } = await parse('inspect /a.nc --json --out /o');
    expect(inspect).toHaveBeenCalledWith({ path: '/a.nc', json: true, out: '/o' });
  });
  it('downloads a source for dates and a region', async () => {
    const { download } = await parse(
      'download --source modis --from 2022-09-13 --to 2022-09-14 --region -30,75,10,82 --list',
    );
    expect(download).toHaveBeenCalledWith(
      expect.objectContaining({ source: 'modis', region: [-30, 75, 10, 82], list: true }),
    );
  });
  it('predicts from two images', async () => {
    const { predict } = await parse('predict --model /m --before /a.png --after /b.png');
    expect(predict).toHaveBeenCalledWith(
      expect.objectContaining({ model: '/m', before: '/a.png', after: '/b.png' }),
    );
    const south = await parse('predict --model /m --input /d --hemisphere south');
    expect(south.predict).toHaveBeenCalledWith(expect.objectContaining({ hemisphere: 'south' }));
  });

  it('looks for a learning rate between two ends', async () => {
    const { findLr } = await parse('find-lr --model siamese --from-rate 1e-5 --steps 50 --name x');
    expect(findLr).toHaveBeenCalledWith(
      expect.objectContaining({ name: 'x', fromRate: 1e-5, toRate: 1, steps: 50 }),
    );
    expect(findLr.mock.calls[0]?.[0].overrides.models).toEqual(['siamese']);
  });

  it('searches by what was said, and leaves the rest of the plan open', async () => {
    const { search } = await parse(
      'search --model classifier --space /s.json --strategy random --trials 20 --jobs 2 --resume',
    );
    expect(search).toHaveBeenCalledWith(
      expect.objectContaining({
        spaceFile: '/s.json',
        plan: { strategy: 'random', trials: 20, jobs: 2 },
        resume: true,
        retryFailed: false,
      }),
    );
    const usual = await parse('search --model classifier');
    expect(usual.search.mock.calls[0]?.[0]).toMatchObject({ plan: {}, resume: false });
  });

  it('compares two runs', async () => {
    const { compare } = await parse('compare first second --out /o --json');
    expect(compare).toHaveBeenCalledWith({ runs: ['first', 'second'], out: '/o', json: true });
  });

  it('explains the search space and hides what only it calls', async () => {
    expect((await parse('search --help')).out).toContain('"kind": "logUniform"');
    expect((await parse('--help')).out).not.toContain('search-trial');
  });

  it('shows examples', async () => {
    const { out, error } = await parse('--help');
    expect(error).toMatchObject({ exitCode: 0 });
    expect(out).toContain('Examples');
    expect(out).toContain('npm start -- --profile smoke');
    expect(out).toContain('train-all:evaluate -- --model models/convlstm');
  });

  it('says of every option of run what it does', async () => {
    const { out } = await parse('run --help');
    for (const option of ['profile', 'only', 'epochs', 'samples', 'seed', 'config', 'resume'])
      expect(out).toMatch(new RegExp(`--${option}( <\\w+>)? +\\S+`));
  });

  it.each([
    ['run --bogus', 'Expected a known option; --help lists them. Received: --bogus'],
    ['fly', 'Expected a known command; --help lists them. Received: fly'],
    ['run --profile huge', '--profile: expected one of smoke, default, full. Received: huge'],
    ['run --only gan', /^--only: expected some of classifier, convlstm, siamese.*Received: gan$/],
    ['train --model gan', /^--model: expected some of classifier, .*Received: gan$/],
    ['run --epochs -1', '--epochs: expected a whole number ≥ 0. Received: -1'],
    ['run --epochs 1.5', '--epochs: expected a whole number ≥ 0. Received: 1.5'],
    ['run --source radar', /^--source: expected one of synthetic, .*Received: radar$/],
    ['run --train-end 2016-9-1', /^--train-end: expected a date such as .*Received: 2016-9-1$/],
    ['run --train-end 2017-02-30', /^--train-end: expected a date.*Received: 2017-02-30$/],
    ['find-lr --steps 0', '--steps: expected a whole number ≥ 1. Received: 0'],
    ['find-lr --to-rate -1', '--to-rate: expected a number above 0. Received: -1'],
    ['search --strategy grid', /^--strategy: expected one of halving, random. Received: grid$/],
    ['compare one', /missing required argument 'right'/],
    ['predict', /required option '--model <dir>' not specified/],
    ['run extra', /too many arguments/],
  ])('answers %j with one line', async (line, expected) => {
    const { out, error, run, step } = await parse(line);
    expect(error).toBeInstanceOf(CommanderError);
    expect(out.trimEnd()).toMatch(expected);
    expect(out.trimEnd()).not.toContain('\n');
    expect(run).not.toHaveBeenCalled();
    expect(step).not.toHaveBeenCalled();
  });

  it('wants data for a model that is to be judged', async () => {
    const { error } = await parse('evaluate --model /m');
    expect(isTaggedError(error)).toBe(true);
    expect(error).toMatchObject({
      message: '--model /m: expected --input PATH with the data to score. Received: none',
    });
  });
});

describe('usageSentence', () => {
  it('keeps the hint of a misspelled option', () => {
    expect(usageSentence("error: unknown option '--epoch'\n(Did you mean --epochs?)\n")).toBe(
      'Expected a known option; --help lists them. Received: --epoch (Did you mean --epochs?)',
    );
  });
});

import { describe, expect, it } from 'vitest';
import { ROWS } from '../src/rows.js';
import { HELP, readArguments } from '../src/usage.js';

const read = (...args: string[]) => readArguments(args, '/base');

describe('readArguments', () => {
  it('takes all rows and all peers where none are named', () => {
    const usage = read();
    expect(usage).toMatchObject({
      action: 'table',
      repetitions: 7,
      quick: false,
      python: undefined,
    });
    expect(usage.rows).toEqual(ROWS);
    expect(usage.peers).toHaveLength(5);
  });

  it('takes named rows in the order of the table', () => {
    const { rows } = read('--rows', 'siamese-train, resnet50-infer-8');
    expect(rows.map(({ name }) => name)).toEqual(['resnet50-infer-8', 'siamese-train']);
  });

  it('makes everything small with --quick', () => {
    const { rows, repetitions } = read('--quick');
    expect(repetitions).toBe(2);
    expect(rows.every(({ batch, height }) => batch <= 2 && height <= 64)).toBe(true);
    expect(rows[0]?.title).toContain('64×64');
  });

  it('profiles the row that is named', () => {
    const { action, rows } = read('--profile', 'convlstm-train');
    expect(action).toBe('profile');
    expect(rows.map(({ name }) => name)).toEqual(['convlstm-train']);
  });

  it('reads paths from where the user stands', () => {
    expect(read('--python', 'env/bin/python', '--out', '/tmp/x')).toMatchObject({
      python: '/base/env/bin/python',
      out: '/tmp/x',
    });
  });

  it('knows no peers at all', () => {
    expect(read('--peers', 'none').peers).toEqual([]);
  });

  it.each([
    [['--rows', 'resnet'], /a row of resnet50-train.*Received: resnet\./],
    [['--peers', 'jax'], /a peer of torch.*Received: jax\./],
    [['--repetitions', '3'], /--repetitions as a whole number from 5.*Received: 3\./],
    [['--threads', 'two'], /--threads as a whole number from 1.*Received: two\./],
    [['--steady', '--agreement'], /one of --agreement, --steady/],
    [['--steady', '--rows', 'siamese-infer-1'], /a training row\. Received: siamese-infer-1\./],
    [['--fast'], /'--fast'/],
  ])('refuses %j', (args, message) => {
    expect(() => read(...args)).toThrow(message);
  });

  it('names every row in its help', () => {
    for (const { name } of ROWS) expect(HELP).toContain(name);
  });
});

import { expect, it } from 'vitest';
import { RuntimeError, isRuntimeError } from '../src/index.js';
import { firstLine } from '../src/errors.js';

it('carries tag, kind, remedy and cause', () => {
  const cause = new Error('inner');
  const error = new RuntimeError('compiler', 'No compiler.', { remedy: 'install one', cause });
  expect(error).toMatchObject({
    _tag: 'RuntimeError',
    kind: 'compiler',
    remedy: 'install one',
    cause,
  });
  expect(isRuntimeError(error)).toBe(true);
  expect(isRuntimeError(cause)).toBe(false);
});

it('takes the first line of anything thrown', () => {
  expect(firstLine(new Error('one\ntwo'))).toBe('one');
  expect(firstLine('three')).toBe('three');
});

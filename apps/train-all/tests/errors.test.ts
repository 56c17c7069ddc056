import { mkdirSync, readFileSync } from 'node:fs';
import { RasterError } from '@arctic/raster';
import { describe, expect, it } from 'vitest';
import { expectPath, explain, UsageError } from '../src/errors.js';

/** The error that Node throws for a system call. */
function systemError(act: () => void): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('Expected the call to fail. Received: success');
}

describe('explain', () => {
  it('gives the sentence of tagged errors, of this app and of packages', () => {
    expect(explain(new UsageError('a: expected b. Received: c'))).toBe(
      'a: expected b. Received: c',
    );
    expect(explain(new RasterError('MissingFile', 'x.png: expected a file.'))).toBe(
      'x.png: expected a file.',
    );
  });

  it('makes one line of a sentence that quotes a file', () => {
    expect(explain(new UsageError('a: expected JSON. Received: {\n  "b"\n}'))).toBe(
      'a: expected JSON. Received: { "b" }',
    );
  });

  it.each(['ENOSPC', 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'])(
    'explains the system error %s with its path',
    (code) => {
      const error = Object.assign(new Error(`${code}: oh`), { code, syscall: 'write', path: '/x' });
      expect(explain(error)).toMatch(/^\/x: expected .* Received: .*\.$/);
    },
  );

  it('explains a real one: a folder below a file, a file that is a folder', () => {
    const below = new URL('x', `${import.meta.url}/`).pathname;
    expect(explain(systemError(() => mkdirSync(below)))).toMatch(/expected a folder. Received: /);
    expect(explain(systemError(() => readFileSync('/')))).toMatch(/Received: EISDIR/);
  });

  it('leaves faults of the program to their stack', () => {
    expect(explain(new TypeError('undefined is not a function'))).toBeNull();
    expect(explain('text')).toBeNull();
  });
});

describe('expectPath', () => {
  it('names option and path', () => {
    expect(() => {
      expectPath('--input', '/no/where');
    }).toThrow('--input /no/where: expected a file or folder. Received: nothing there');
    expectPath('--input', '/');
  });
});

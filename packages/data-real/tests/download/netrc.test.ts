import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { netrcLogin } from '../../src/download/netrc.js';

const HOST = 'urs.earthdata.nasa.gov';

describe('netrcLogin', () => {
  it.each([
    ['one line', `machine ${HOST} login ann password s3cret`],
    ['many lines, tabs', `machine ${HOST}\n\tlogin ann\n\tpassword s3cret\n`],
    ['Windows lines', `machine ${HOST}\r\nlogin ann\r\npassword s3cret\r\n`],
    [
      'after another',
      `machine x.org login bob password no\nmachine ${HOST} login ann password s3cret`,
    ],
    ['account, user', `machine ${HOST} account a user ann password s3cret`],
    ['quotes', `machine "${HOST}" login "ann" password "s3cret"`],
    [
      'a comment',
      `# machine ${HOST} login x password y\nmachine ${HOST} login ann password s3cret # of 2024`,
    ],
    ['capitals', `machine URS.Earthdata.NASA.gov login ann password s3cret`],
    ['default', `machine x.org login bob password no\ndefault login ann password s3cret`],
    [
      'a macro that holds the words',
      `macdef init\nmachine ${HOST} login x password y\n\nmachine ${HOST} login ann password s3cret`,
    ],
    [
      'an entry without password before',
      `machine ${HOST} login x\nmachine ${HOST} login ann password s3cret`,
    ],
  ])('%s', (_what, text) => {
    expect(netrcLogin(text, HOST)).toEqual({ login: 'ann', password: 's3cret' });
  });
  it('strange passwords', () => {
    const of = (word: string) =>
      netrcLogin(`machine ${HOST} login ann password ${word}`, HOST)?.password;
    expect(of('#1')).toBe('#1');
    expect(of('"two words \\" \\\\ #"')).toBe('two words " \\ #');
    expect(of('macdef')).toBe('macdef');
  });
  it('none of that name', () => {
    expect(netrcLogin('machine x.org login bob password no', HOST)).toBeUndefined();
    expect(netrcLogin('', HOST)).toBeUndefined();
  });
  it('any text gives a login or none, never an exception', () => {
    const words = fc.constantFrom(
      'machine',
      HOST,
      'login',
      'password',
      'macdef',
      'default',
      '"',
      '\n',
      '#',
      'a',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string())), (parts) => {
        netrcLogin(parts.join(' '), HOST);
      }),
    );
  });
});

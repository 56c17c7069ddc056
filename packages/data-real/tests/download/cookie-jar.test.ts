import { expect, it } from 'vitest';
import { CookieJar } from '../../src/download/cookie-jar.js';

const url = (text: string) => new URL(text);

it('a cookie goes back to its host, or to the domain that it names, and nowhere else', () => {
  const jar = new CookieJar();
  jar.keep(url('https://a.nasa.gov/x'), ['one=1; Path=/; HttpOnly', 'two=2; Domain=.nasa.gov']);
  expect(jar.headerFor(url('https://a.nasa.gov/y'))).toBe('one=1; two=2');
  expect(jar.headerFor(url('https://b.nasa.gov/'))).toBe('two=2');
  expect(jar.headerFor(url('https://nasa.gov/'))).toBe('two=2');
  expect(jar.headerFor(url('https://evilnasa.gov/'))).toBeUndefined();
});
it('a host cannot set cookies for others, nor for a whole top-level domain', () => {
  const jar = new CookieJar();
  jar.keep(url('https://evil.org/'), ['a=1; Domain=nasa.gov', 'b=2; Domain=org', 'nonsense', '=x']);
  expect(jar.headerFor(url('https://nasa.gov/'))).toBeUndefined();
  expect(jar.headerFor(url('https://evil.org/'))).toBeUndefined();
});
it('secure cookies stay off http; a new value replaces, Max-Age=0 removes', () => {
  const jar = new CookieJar();
  jar.keep(url('https://a.org/'), ['s=1; Secure', 'p=1']);
  expect(jar.headerFor(url('http://a.org/'))).toBe('p=1');
  jar.keep(url('https://a.org/'), ['p=2', 's=; Max-Age=0']);
  expect(jar.headerFor(url('https://a.org/'))).toBe('p=2');
});

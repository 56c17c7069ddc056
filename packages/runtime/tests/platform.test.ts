import { expect, it } from 'vitest';
import { CUDA_WHEELS, TENSORFLOW_WHEELS } from '../src/pinned-wheels.js';
import { assertPlatform, platformTags, unsupported } from '../src/platform.js';
import { fakeSystem } from './fake-system.js';

it.each([
  ['win32', 'x64', false, 'Windows', 'WSL 2'],
  ['linux', 'x64', true, 'musl', 'bookworm-slim'],
  ['darwin', 'x64', false, 'Intel Macs', 'tfjs-node'],
])('has a clear word and a way out on %s %s', (platform, arch, musl, word, route) => {
  const fault = unsupported(fakeSystem({ platform, arch, musl }));
  expect(fault?.message).toContain(word);
  expect(fault?.remedy).toContain(route);
});

it('knows where there is a wheel', () => {
  expect(unsupported(fakeSystem())).toBeUndefined();
  expect(assertPlatform(fakeSystem({ arch: 'arm64' }), false)).toBe('linux-arm64');
  expect(assertPlatform(fakeSystem({ platform: 'darwin', arch: 'arm64' }), false)).toBe(
    'darwin-arm64',
  );
  expect(() => assertPlatform(fakeSystem({ platform: 'darwin', arch: 'arm64' }), true)).toThrow(
    'Expected a platform with a CUDA wheel of TensorFlow (linux-x64). Received: darwin-arm64.',
  );
  expect(() => assertPlatform(fakeSystem({ platform: 'sunos', arch: 'sparc' }), false)).toThrow(
    '(linux-x64, linux-arm64, darwin-arm64). Received: sunos-sparc.',
  );
});

it('asks pip for the tags that the pinned wheels have', () => {
  const all = [
    ...Object.entries(TENSORFLOW_WHEELS).map(([platform, pin]) => ({ platform, pin })),
    ...Object.entries(CUDA_WHEELS).flatMap(([platform, pins]) =>
      pins.map((pin) => ({ platform, pin })),
    ),
  ];
  for (const { platform, pin } of all) {
    const tags =
      pin.file
        .replace(/\.whl$/, '')
        .split('-')
        .at(-1)
        ?.split('.') ?? [];
    expect(
      tags.some((tag) => platformTags(platform).includes(tag)),
      pin.file,
    ).toBe(true);
  }
});

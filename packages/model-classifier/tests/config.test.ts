import { expect, it } from 'vitest';
import { presets } from '../src/index.js';
import { resolveConfig } from '../src/config.js';

it('fills in the defaults', () => {
  expect(resolveConfig({})).toMatchObject({ depth: 50, width: 64, inChannels: 3, inputSize: 256 });
  expect(resolveConfig({ ...presets.resnet18, classes: ['a', 'b'] })).toMatchObject({
    depth: 18,
    classes: ['a', 'b'],
  });
});

it.each([
  [{ depth: 101 }, 'depth 18, 34 or 50. Received: 101'],
  [{ blocks: [] }, 'blocks'],
  [{ blocks: [1, 0] }, 'Received: [1,0]'],
  [{ width: 0 }, 'width'],
  [{ inChannels: 2.5 }, 'inChannels'],
  [{ inputSize: -1 }, 'inputSize'],
  [{ classes: ['a'] }, 'two or more different names'],
  [{ classes: ['a', 'a'] }, 'two or more different names'],
  [{ dept: 18 }, 'Received: "dept"'],
])('refuses %o', (config, message) => {
  // These are what a JSON file may hold, not what the type allows.
  expect(() => resolveConfig(config as Parameters<typeof resolveConfig>[0])).toThrow(message);
});

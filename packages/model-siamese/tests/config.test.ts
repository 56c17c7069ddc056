import { expect, it } from 'vitest';
import { presets } from '../src/index.js';
import { resolveConfig } from '../src/config.js';

it('fills in the defaults', () => {
  expect(resolveConfig({})).toMatchObject({ depth: 18, width: 64, threshold: 0.5 });
  expect(resolveConfig({ ...presets.resnet34, inChannels: 1 })).toMatchObject({
    depth: 34,
    inChannels: 1,
  });
});

it.each([
  [{ depth: 20 }, 'depth 18, 34 or 50. Received: 20'],
  [{ blocks: [2, 0, 2, 2] }, 'blocks'],
  [{ width: 1.5 }, 'width'],
  [{ inChannels: 0 }, 'inChannels'],
  [{ decoderChannels: [8, 8] }, 'decoderChannels as 5 positive whole numbers'],
  [{ blocks: [1, 1], decoderChannels: [8, 8] }, 'decoderChannels as 3 positive whole numbers'],
  [{ threshold: 2 }, 'threshold in 0..1'],
  [{ encoder: 'vgg' }, 'Received: "encoder"'],
])('refuses %o', (config, message) => {
  // These are what a JSON file may hold, not what the type allows.
  expect(() => resolveConfig(config as Parameters<typeof resolveConfig>[0])).toThrow(message);
});

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { explain } from '../../src/errors.js';
import {
  imageFiles,
  readLabelledPairs,
  readLabelledScenes,
  readRgb,
} from '../../src/steps/dataset.js';
import { makePairs, makeScenes, plainPng, writeManifest } from './make-images.js';

const CLASSES = ['open_water', 'thin_ice', 'thick_ice'];

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dataset-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** The sentence that a call ends with. */
async function sentence(act: () => unknown): Promise<string> {
  try {
    await act();
  } catch (error) {
    const text = explain(error);
    if (text === null) throw error;
    expect(text).toMatch(/expected .*Received: /s);
    expect(text).not.toContain('\n');
    return text;
  }
  throw new Error('Expected an error. Received: none');
}

const scenes = (path = folder) => sentence(() => readLabelledScenes(path, CLASSES, 8));
const pairs = (path = folder) => sentence(() => readLabelledPairs(path, 8));

describe('imageFiles', () => {
  it('lists pictures by name and nothing else', async () => {
    await plainPng(join(folder, 'b.png'), 1, 2);
    await plainPng(join(folder, 'a.PNG'), 1, 2);
    writeFileSync(join(folder, 'notes.txt'), '');
    expect(imageFiles(folder)).toEqual([join(folder, 'a.PNG'), join(folder, 'b.png')]);
    expect(imageFiles(join(folder, 'b.png'))).toEqual([join(folder, 'b.png')]);
  });
  it('names the path that is missing or holds no picture', async () => {
    expect(await sentence(() => imageFiles('/no/where'))).toContain('/no/where: expected an image');
    expect(await sentence(() => imageFiles(folder))).toContain(`${folder}: expected PNG`);
  });
});

describe('readRgb', () => {
  it('repeats grey and drops transparency', async () => {
    for (const channels of [1, 3, 4] as const) {
      const path = join(folder, `${channels}.png`);
      await plainPng(path, 77, 3, channels);
      const { data, channels: read } = await readRgb(path);
      expect(read).toBe(3);
      expect(data).toEqual(new Uint8Array(27).fill(77));
    }
  });
  it('names the damaged picture', async () => {
    const path = join(folder, 'x.png');
    await plainPng(path, 77, 64);
    writeFileSync(path, readFileSync(path).subarray(0, 60));
    expect(await sentence(() => readRgb(path))).toContain(`${path}: expected a whole PNG`);
  });
});

describe('readLabelledScenes', () => {
  it('reads scenes at the size of the model', async () => {
    await makeScenes(folder, CLASSES);
    const data = await readLabelledScenes(folder, CLASSES, 8);
    expect(data).toMatchObject({ n: 3, height: 8, width: 8, labels: Uint8Array.of(0, 1, 2) });
    expect(data.images).toHaveLength(3 * 8 * 8 * 3);
    expect([data.images[0], data.images.at(-1)]).toEqual([40, 120]);
  });

  it('says that the folder is not there', async () => {
    expect(await scenes(join(folder, 'none'))).toMatch(/none: .*layout.*Received: nothing there$/);
  });
  it('says that there is no manifest', async () => {
    expect(await scenes()).toMatch(/Received: no manifest\.json$/);
  });
  it.each([
    ['{\n"classes": oops', /manifest\.json: expected JSON/],
    ['null', /expected the classes of the model.*Received: none$/],
    ['[]', /expected the classes of the model.*Received: none$/],
    [{ classes: ['a', 'b'] }, /open_water, thin_ice, thick_ice\. Received: \["a","b"\]$/],
    [{ classes: CLASSES }, /expected at least one sample. Received: none$/],
    [{ classes: CLASSES, samples: [null] }, /"class" 0…2. Received: null as number 1$/],
    [{ classes: CLASSES, samples: [{ image: 'x.png', class: 3 }] }, /"class":3.* as number 1$/],
    [{ classes: CLASSES, samples: [{ image: 'x.png', class: 0.5 }] }, /"class":0.5/],
    [{ classes: CLASSES, samples: [{ class: 0 }] }, /as number 1$/],
    [{ classes: CLASSES, samples: [{ image: 'x.png', class: 0 }] }, /x\.png: /],
  ])('says what is wrong with the manifest %j', async (manifest, expected) => {
    writeManifest(folder, manifest);
    expect(await scenes()).toMatch(expected);
  });
});

describe('readLabelledPairs', () => {
  it('reads pairs and what changed', async () => {
    await makePairs(folder);
    const data = await readLabelledPairs(folder, 8);
    expect(data).toMatchObject({ n: 2, height: 8, width: 8 });
    expect(data.change).toEqual(Uint8Array.from({ length: 128 }, (_, i) => (i < 64 ? 0 : 1)));
    expect([data.before[0], data.after[0], data.after.at(-1)]).toEqual([60, 60, 145]);
  });

  it('takes any value above zero in a label as change', async () => {
    await makePairs(folder);
    await plainPng(join(folder, 'label', 'p0.png'), 1, 16, 1);
    expect((await readLabelledPairs(folder, 8)).change[0]).toBe(1);
  });

  it('names what is missing: the folder, a second image, a label', async () => {
    expect(await pairs('/no/where')).toContain('/no/where/A: expected');
    await makePairs(folder);
    rmSync(join(folder, 'label', 'p1.png'));
    expect(await pairs()).toContain(join(folder, 'label', 'p1.png'));
    rmSync(join(folder, 'B', 'p0.png'));
    expect(await pairs()).toContain(join(folder, 'B', 'p0.png'));
  });

  it('names the image of another size', async () => {
    await makePairs(folder);
    await plainPng(join(folder, 'B', 'p1.png'), 1, 20);
    expect(await pairs()).toBe(
      `${join(folder, 'B', 'p1.png')}: expected 16×16 pixels, as the first date. Received: 20×20`,
    );
  });

  it('names a picture that is a folder', async () => {
    await makePairs(folder);
    rmSync(join(folder, 'B', 'p1.png'));
    mkdirSync(join(folder, 'B', 'p1.png'));
    expect(await pairs()).toContain(join(folder, 'B', 'p1.png'));
  });
});

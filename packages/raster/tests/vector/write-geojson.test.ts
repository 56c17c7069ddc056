import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { feature, featureCollection, type Feature } from '../../src/vector/geometry.js';
import { writeGeoJson } from '../../src/vector/write-geojson.js';
import { failure, temporaryFolder } from '../helpers.js';

const folder = temporaryFolder();

const point = (lon: number, lat: number) =>
  feature({ type: 'Point', coordinates: [lon, lat] }, { name: 'a "point"', lon, ice: true });

describe('writeGeoJson', () => {
  it('a round trip is exact', async () => {
    const path = join(folder, 'sub/a.geojson');
    const features = [
      point(0.1 + 0.2, -89.999999),
      feature(
        {
          type: 'MultiLineString',
          coordinates: [
            [
              [-180, 80.123456],
              [179.999999, 81],
            ],
          ],
        },
        { level: 0.15, note: null },
      ),
    ];
    await writeGeoJson(path, features);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(featureCollection(features));
  });
  it('takes features one by one, more than fit one write, and names the layer', async () => {
    const path = join(folder, 'many.geojson');
    async function* stream() {
      for (let i = 0; i < 20_000; i++) yield point((i % 3600) / 10 - 180, (i % 1800) / 10 - 90);
    }
    await writeGeoJson(path, stream(), { name: 'ice edge' });
    const read: { name: string; features: Feature[] } = JSON.parse(readFileSync(path, 'utf8'));
    expect([read.name, read.features.length]).toEqual(['ice edge', 20_000]);
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(20_003);
  });
  it('an empty collection', async () => {
    const path = join(folder, 'none.geojson');
    await writeGeoJson(path, []);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(featureCollection([]));
  });
  it('refuses metres and NaN, and leaves what was there', async () => {
    const own = join(folder, 'own');
    mkdirSync(own);
    const path = join(own, 'a.geojson');
    writeFileSync(path, 'before');
    for (const [lon, lat] of [
      [385000, 20],
      [NaN, 0],
      [0, 91],
    ] as const) {
      const message = await failure(
        () => writeGeoJson(path, [point(0, 0), point(lon, lat)]),
        'InvalidValue',
      );
      expect(message).toContain(`[${lon}, ${lat}] in feature 1`);
    }
    expect([readdirSync(own), readFileSync(path, 'utf8')]).toEqual([['a.geojson'], 'before']);
  });
  it('a folder that cannot be: one clear error', async () => {
    writeFileSync(join(folder, 'file'), '');
    const run = () => writeGeoJson(join(folder, 'file/a.geojson'), []);
    expect(await failure(run, 'WriteFailed')).toContain('Check that the folder');
  });
});

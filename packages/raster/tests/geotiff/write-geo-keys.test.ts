import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { coordinateTransform, wktOf } from '../../src/crs/crs.js';
import { openGeoTiff } from '../../src/geotiff/open-geotiff.js';
import { geoKeysOf } from '../../src/geotiff/write-geo-keys.js';
import { writeGeoTiff } from '../../src/geotiff/write-geotiff.js';
import { temporaryFolder } from '../helpers.js';

const folder = temporaryFolder();

async function written(crs: string): Promise<string | null> {
  const path = join(folder, 'crs.tif');
  await writeGeoTiff(path, {
    height: 1,
    width: 1,
    bands: [{ name: 'band1' }],
    dtype: 'uint8',
    nodata: null,
    crs,
    transform: [0, 1, 0, 0, 0, -1],
    rows: () => Uint8Array.of(1),
  });
  const file = await openGeoTiff(path);
  await file.close();
  return file.crs;
}

// GDAL 3.10 reads the same CRS from each of these files (compared with pyproj on two points).
const TEXTS = [
  '+proj=stere +lat_0=90 +lat_ts=75 +lon_0=-40 +x_0=1000 +datum=WGS84 +units=m',
  '+proj=stere +lat_0=-90 +lat_ts=-71 +lon_0=10 +a=6378273 +b=6356889.449 +units=m',
  '+proj=stere +lat_0=90 +k=0.994 +lon_0=20 +x_0=2000000 +y_0=2000000 +datum=WGS84',
  '+proj=laea +lat_0=75 +lon_0=20 +R=6370997 +units=m',
  '+proj=sinu +lon_0=0 +R=6371007.181 +units=m',
  '+proj=lcc +lat_1=70 +lat_2=80 +lat_0=75 +lon_0=-25 +ellps=GRS80 +units=m',
  '+proj=tmerc +lat_0=10 +lon_0=15 +k=0.9999 +x_0=500000 +y_0=0 +datum=WGS84 +units=m',
  '+proj=merc +lon_0=10 +lat_ts=60 +datum=WGS84 +units=m',
  '+proj=aeqd +lat_0=90 +lon_0=0 +datum=WGS84 +units=m',
  '+proj=ortho +lat_0=90 +lon_0=0 +R=6370997',
];

describe('a written CRS comes back', () => {
  for (const code of ['EPSG:3413', 'EPSG:4326', 'EPSG:6931', 'EPSG:32631', 'EPSG:2154']) {
    it(code, async () => {
      expect(await written(code)).toBe(code);
    });
  }
  for (const text of TEXTS) {
    it(text, async () => {
      const there = coordinateTransform(text, 'EPSG:4326');
      const here = coordinateTransform((await written(text)) ?? '', 'EPSG:4326');
      const wanted = there(2e5, -9e5);
      expect(here(2e5, -9e5)[0]).toBeCloseTo(wanted[0], 9);
      expect(here(2e5, -9e5)[1]).toBeCloseTo(wanted[1], 9);
    });
    it(`${text.slice(0, 12)}… as WKT, to the letter`, async () => {
      expect(await written(wktOf(text))).toBe(wktOf(text));
    });
  }
  it('and WKT that nothing here knows as well', async () => {
    const wkt =
      'PROJCS["odd",GEOGCS["g",DATUM["d",SPHEROID["s",6378137,298]]],PROJECTION["Unheard_Of"],UNIT["metre",1]]';
    expect(await written(wkt)).toBe(wkt);
  });
});

it('keys hold the parameters where GeoTIFF has keys for them, else the text alone', () => {
  const keys = (crs: string) => geoKeysOf(crs).directory.filter((_, i) => i >= 4 && i % 4 === 0);
  expect(keys(TEXTS[3] ?? '')).toContain(3075);
  expect(keys(TEXTS[9] ?? '')).toEqual([1024, 1025, 3073]);
});

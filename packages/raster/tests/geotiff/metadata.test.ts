import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { acquisitionTime } from '../../src/geotiff/acquisition-time.js';
import { formatGdalMetadata, parseGdalMetadata } from '../../src/geotiff/gdal-metadata.js';
import { openGeoTiff } from '../../src/geotiff/open-geotiff.js';
import { temporaryFolder } from '../helpers.js';
import { expectedTiffs, tiff } from './helpers.js';

async function opened(name: string) {
  const file = await openGeoTiff(tiff(name));
  await file.close();
  return file;
}

describe('attributes', () => {
  it('of the file and of bands are those of GDAL', async () => {
    const file = await opened('metadata.tif');
    expect(file.attributes).toEqual({
      TIFFTAG_DATETIME: '2020:01:01 00:00:00',
      AREA_OR_POINT: 'Area',
      title: 'ice & <water>',
      ACQUISITION_TIME: '2019-09-09T12:00:00Z',
    });
    expect(file.variables[1]?.attributes).toEqual({
      colour_interpretation: 'undefined',
      long_name: 'surface',
    });
  });
  it('tell alpha, colours and palettes apart', async () => {
    const kinds = async (name: string) =>
      (await opened(name)).variables.map((band) => band.attributes['colour_interpretation']);
    expect(await kinds('rgba.tif')).toEqual(['red', 'green', 'blue', 'alpha']);
    expect(await kinds('rgbn.tif')).toEqual(['red', 'green', 'blue', 'undefined']);
    expect(await kinds('grey-alpha.tif')).toEqual(['grey', 'alpha']);
    expect(await kinds('palette.tif')).toEqual(['palette']);
  });
  for (const name of ['palette.tif', 'palette-4.tif']) {
    it(`hold the colours of ${name}`, async () => {
      const [band] = (await opened(name)).variables;
      expect(band?.attributes['palette']).toEqual(expectedTiffs()[name]?.palette?.flat());
    });
  }
  it('say where coordinates named centres of pixels', async () => {
    expect((await opened('point.tif')).attributes['AREA_OR_POINT']).toBe('Point');
  });
});

describe('times', () => {
  it('come from items that name the acquisition, in UTC', async () => {
    expect((await opened('metadata.tif')).times).toEqual(['2019-09-09T12:00:00Z']);
    expect((await opened('time-imagery.tif')).times).toEqual(['2019-09-09T10:30:15.500Z']);
  });
  it('do not come from the time of writing', async () => {
    expect((await opened('time-written.tif')).times).toEqual([]);
  });
  const times = {
    '2019-09-09': '2019-09-09T00:00:00Z',
    '2019:09:09 12:00:05': '2019-09-09T12:00:05Z',
    '20190909T120005': '2019-09-09T12:00:05Z',
    '2019-09-09T12:00:00+02:00': '2019-09-09T10:00:00Z',
    '2019-13-09': null,
    'last Tuesday': null,
  };
  for (const [value, time] of Object.entries(times)) {
    it(`reads ${value}`, () => {
      const item = { name: 'DATE_ACQUIRED', value, band: null, role: null, domain: null };
      expect(acquisitionTime([item])).toBe(time);
    });
  }
});

it('further pages of the same size are further bands', async () => {
  const file = await openGeoTiff(tiff('pages.tif'));
  expect(file.variables.map(({ name }) => name)).toEqual(['band1', 'band2', 'band3']);
  const stored = await Promise.all(file.variables.map((band) => band.readStored()));
  expect(stored.map((values) => values[10])).toEqual([10, 20, 30]);
  await file.close();
});

it('GDAL metadata come back as they were written', () => {
  const items = [
    { name: 'a "b" <c>', value: 'x & <y> "z" &amp;', band: null, role: null, domain: 'D&E' },
    { name: 'DESCRIPTION', value: 'sic', band: 3, role: 'description', domain: null },
  ];
  expect(parseGdalMetadata(formatGdalMetadata(items))).toEqual(items);
  expect(formatGdalMetadata([])).toBe('');
});

describe('files beside the TIFF', () => {
  const folder = temporaryFolder();
  it('place one that has no place', async () => {
    const path = join(folder, 'plain.tif');
    copyFileSync(tiff('plain.tif'), path);
    writeFileSync(join(folder, 'plain.tfw'), '250\n0\n0\n-250\n1125\n1875\n');
    const file = await openGeoTiff(path);
    expect(file.transform).toEqual([1000, 250, 0, 2000, 0, -250]);
    await file.close();
  });
  it('do not move one that has', async () => {
    const path = join(folder, 'rgb.tif');
    copyFileSync(tiff('rgb.tif'), path);
    writeFileSync(join(folder, 'rgb.tfw'), '1\n0\n0\n-1\n0\n0\n');
    const file = await openGeoTiff(path);
    expect(file.transform).toEqual([381550, 250, 0, -899225, 0, -250]);
    await file.close();
  });
  it('give nodata and place as GDAL keeps them', async () => {
    const path = join(folder, 'pam.tif');
    copyFileSync(tiff('plain.tif'), path);
    writeFileSync(
      `${path}.aux.xml`,
      '<PAMDataset><SRS>EPSG:3413</SRS><GeoTransform>10, 5, 0, 20, 0, -5</GeoTransform><PAMRasterBand band="1"><NoDataValue>3</NoDataValue><Scale>0.5</Scale></PAMRasterBand></PAMDataset>',
    );
    const file = await openGeoTiff(path);
    expect([file.crs, file.transform]).toEqual(['EPSG:3413', [10, 5, 0, 20, 0, -5]]);
    expect(file.variables[0]?.decoding).toMatchObject({ missing: [3], scale: 0.5 });
    await file.close();
  });
});

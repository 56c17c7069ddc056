import { describe, expect, it } from 'vitest';
import { acquisitionTime } from '../../src/geotiff/acquisition-time.js';
import { formatGdalMetadata, parseGdalMetadata } from '../../src/geotiff/gdal-metadata.js';
import { openGeoTiff } from '../../src/geotiff/open-geotiff.js';
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

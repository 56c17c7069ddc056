import { describe, expect, it } from 'vitest';
import { decodingOf } from '../../src/hdf4/decoding.js';
import type { Hdf4Attribute } from '../../src/hdf4/data-set.js';
import { degreesOfDms, projOfGctp } from '../../src/hdf4/gctp.js';
import { parseKey } from '../../src/hdf4/key.js';
import { beginningOf } from '../../src/hdf4/metadata-time.js';
import { findNode, listOf, parseOdl } from '../../src/hdf4/odl.js';
import type { StoredType } from '../../src/raster-file.js';

describe('parseOdl', () => {
  it('nests groups, keeps quoted and bracketed text over lines', () => {
    const root = parseOdl(
      'GROUP=A\n\tOBJECT = B\n\t  VALUE = ("x (1)",\n "y")\n\tEND_OBJECT=B\n\tEMPTY=\n\tLAST=3\nEND_GROUP=A\nEND\n',
    );
    expect(listOf(findNode(root, 'B')?.values.get('VALUE'))).toEqual(['x (1)', 'y']);
    expect(findNode(root, 'A')?.values.get('LAST')).toBe('3');
    expect(findNode(root, 'A')?.values.get('EMPTY')).toBe('');
    expect(findNode(root, 'C')).toBeUndefined();
  });
  it('survives texts that never close or close too often', () => {
    expect(parseOdl('END_GROUP=X\n'.repeat(5) + 'GROUP=Y\n'.repeat(100_000)).children).toHaveLength(
      1,
    );
  });
});

describe('beginningOf', () => {
  const text = (date: string, time: string) =>
    `OBJECT=RANGEBEGINNINGDATE\nVALUE="${date}"\nEND_OBJECT=RANGEBEGINNINGDATE\nOBJECT=RANGEBEGINNINGTIME\nVALUE="${time}"\nEND_OBJECT=RANGEBEGINNINGTIME\n`;
  it('gives ISO 8601 in UTC', () => {
    expect(beginningOf(text('2022-09-13', '13:05:00.000000'))).toBe('2022-09-13T13:05:00Z');
    expect(beginningOf(text('2022-09-13', '13:05:00.250000Z'))).toBe('2022-09-13T13:05:00.25Z');
  });
  it('is null where there is none', () => {
    expect(beginningOf('')).toBeNull();
    expect(beginningOf(text('last week', '13:05:00'))).toBeNull();
  });
});

describe('parseKey', () => {
  it('takes the flags beside a measured range', () => {
    const codes = parseKey('0-100=NDSI snow, 200=missing data, 250=cloud, 255=fill');
    expect(codes.map(({ code }) => code)).toEqual([200, 250, 255]);
    const ist = parseKey('0.0=missing, 25.0=land, 243.0-273.0 expected IST range, 655.35=fill');
    expect(ist).toEqual([
      { code: 0, decimal: true },
      { code: 25, decimal: true },
      { code: 655.35, decimal: true },
    ]);
  });
  it('leaves classes alone, but for those that say missing', () => {
    const codes = parseKey('0=missing data, 25=land, 50=cloud, 200=sea ice, 255=fill');
    expect(codes.map(({ code }) => code)).toEqual([0, 255]);
    expect(parseKey('bit 0: water\nQA bit flag if band6 TOA > 25% & band6 TOA <= 45%')).toEqual([]);
  });
});

describe('decodingOf', () => {
  const decoding = (
    dtype: StoredType,
    attributes: Readonly<Record<string, Hdf4Attribute['value']>>,
    rules = { cf: false, eos: true },
  ) =>
    decodingOf(
      {
        name: 'x',
        dimensions: [],
        type: { dtype, littleEndian: false, text: false },
        attributes: Object.entries(attributes).map(([name, value]) => ({ name, value })),
        data: null,
      },
      rules,
    );
  const packed = { scale_factor: Float64Array.of(0.01), add_offset: Float64Array.of(-15000) };

  it('subtracts the offset first, as HDF4 does, unless the file follows CF', () => {
    expect(decoding('int16', packed)).toMatchObject({ scale: 0.01, offset: 150 });
    expect(decoding('int16', packed, { cf: true, eos: false })).toMatchObject({ offset: -15000 });
    const calibrated = { ...packed, scale_factor_err: Float64Array.of(0) };
    expect(decoding('int16', calibrated, { cf: true, eos: false })).toMatchObject({ offset: 150 });
  });
  it('divides by the scales of MODIS land products, but not by any scale above 1', () => {
    const scaled = (factor: number) => ({ scale_factor: Float64Array.of(factor) });
    expect(decoding('int16', scaled(10000)).scale).toBe(0.0001);
    expect(decoding('int16', scaled(0.0001)).scale).toBe(0.0001);
    expect(decoding('uint16', scaled(25)).scale).toBe(25);
    expect(decoding('float32', scaled(10000)).scale).toBe(10000);
    expect(decoding('int16', scaled(10000), { cf: false, eos: false }).scale).toBe(10000);
  });
  it('knows slope and intercept', () => {
    const linear = { slope: Float32Array.of(2), intercept: Float32Array.of(-5) };
    expect(decoding('uint8', linear)).toMatchObject({ scale: 2, offset: -5 });
  });
  it('brings ranges and flags to stored numbers', () => {
    const ist = decoding('uint16', {
      scale_factor: Float64Array.of(0.01),
      valid_range: Float32Array.of(210, 313),
      _FillValue: Uint16Array.of(65535),
      Key: '1.0=no decision, 243.0-273.0 expected IST range',
    });
    expect(ist).toMatchObject({ missing: [65535, 100] });
    expect([ist.validMin, ist.validMax]).toEqual([21000, 31300]);
    const signed = decoding('uint8', {
      valid_range: Int8Array.of(0, -2),
      missing_value: Int8Array.of(-1),
    });
    expect(signed).toMatchObject({ validMin: 0, validMax: 254, missing: [255] });
    const nonsense = decoding('int16', { valid_range: Int16Array.of(5, -5) });
    expect([nonsense.validMin, nonsense.validMax]).toEqual([-Infinity, Infinity]);
    const halves = decoding('int16', { valid_min: Int16Array.of(2), scale_factor: 'none' });
    expect(halves).toMatchObject({ scale: 1, validMin: 2, validMax: Infinity });
  });
});

describe('projOfGctp', () => {
  const proj = (name: string, parameters: readonly number[], sphere = -1, zone = 0) =>
    projOfGctp({ name, parameters, sphere, zone });
  it('unpacks angles', () => {
    expect(degreesOfDms(-45030036)).toBeCloseTo(-45.51, 12);
    expect(degreesOfDms(0)).toBe(0);
  });
  it('takes axes from parameters, table or eccentricity', () => {
    expect(proj('GCTP_UTM', [], 8, -21)).toContain('+zone=21 +south +a=6378137 +b=6356752.31414');
    expect(proj('GCTP_UTM', [], 12, 0)).toBeNull();
    expect(proj('GCTP_TM', [6378137, 6356752.3, 0.9996, 0, 9000000])).toContain(
      '+lon_0=9 +k=0.9996',
    );
    expect(proj('GCTP_PS', [6378273, 0.006693883, 0, 0, 0, -70000000])).toMatch(
      /\+lat_0=-90 \+lat_ts=-70 .*\+b=6356889\.4/,
    );
    expect(proj('GCTP_LAMAZ', [0, 0, 0, 0, 0, 90000000], 20)).toContain('+R=6371228');
    expect(proj('GCTP_LAMCC', [0, 0, 30000000, 60000000, -96000000, 40000000], 0)).toContain(
      '+proj=lcc +lat_1=30 +lat_2=60 +lat_0=40 +lon_0=-96 +x_0=0 +y_0=0 +a=6378206.4',
    );
    expect(proj('GCTP_ALBERS', [6371000])).toContain('+proj=aea');
    expect(proj('GCTP_MERCAT', [])).toContain(
      '+proj=merc +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +datum=WGS84',
    );
    expect(proj('GCTP_EQRECT', [6371007.181])).toContain('+proj=eqc');
    expect(proj('GCTP_CEA', [6371228, 0, 0, 0, 0, 30000000])).toContain('+proj=cea +lat_ts=30');
    expect(proj('GCTP_GEO', [], 0)).toBe('EPSG:4326');
    expect(proj('GCTP_GEO', [], 1)).toContain('+proj=longlat +a=6378249.145');
    expect(proj('GCTP_SOM', [])).toBeNull();
  });
});

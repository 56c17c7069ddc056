import { describe, expect, it } from 'vitest';
import { cfDecoding, meantType } from '../../src/netcdf/cf-decoding.js';
import type { TypedAttribute } from '../../src/netcdf/file-variable.js';
import type { StoredType } from '../../src/raster-file.js';
import { bareVariable } from './helpers.js';

const of = (type: StoredType, value: TypedAttribute['value']): TypedAttribute => ({ type, value });
const text = (value: string): TypedAttribute => ({ type: 'text', value });

function decoding(
  type: StoredType,
  attributes: Record<string, TypedAttribute>,
  fill: number | null = null,
) {
  return cfDecoding(bareVariable(attributes, { type, fill }), type);
}

describe('cfDecoding', () => {
  it('counts the flags of the NOAA CDR as missing', () => {
    const found = decoding('uint8', {
      _FillValue: of('uint8', 255),
      units: text('1'),
      scale_factor: of('float32', Math.fround(0.01)),
      valid_range: of('uint8', [0, 100]),
      flag_values: of('uint8', [251, 252, 253, 254, 255]),
    });
    expect(found).toEqual({
      scale: Math.fround(0.01),
      offset: 0,
      missing: [255, 251, 252, 253, 254],
      validMin: 0,
      validMax: 100,
    });
  });

  it('counts them where NSIDC-0051 writes them as text or signed bytes', () => {
    const base = { scale_factor: of('float64', 0.004), add_offset: of('float64', 0) };
    const asText = decoding('uint8', { ...base, flag_values: text('251, 252, 253ub, 254UB, 255') });
    expect(asText.missing).toEqual([251, 252, 253, 254, 255]);
    const signed = decoding('uint8', { ...base, flag_values: of('int8', [-5, -4]) });
    expect(signed.missing).toEqual([251, 252]);
  });

  it('leaves the numbers of classes and states alone', () => {
    const classes = { flag_values: of('int8', [0, 1, 2, 3, 4]), valid_range: of('int8', [0, 4]) };
    expect(decoding('int8', classes).missing).toEqual([]);
    expect(decoding('int8', { ...classes, units: text('1') }).missing).toEqual([]);
    const named = {
      ...classes,
      units: text('%'),
      standard_name: text('sea_ice_area_fraction status_flag'),
    };
    expect(decoding('int8', named).missing).toEqual([]);
    const masks = { ...classes, scale_factor: of('float32', 2), flag_masks: of('int8', [1, 2]) };
    expect(decoding('int8', masks).missing).toEqual([]);
    expect(decoding('int8', { ...classes, units: text('K') }).missing).toEqual([0, 1, 2, 3, 4]);
  });

  it('takes bounds in the units of what is stored or of the values, by their type', () => {
    const packed = {
      scale_factor: of('float64', 0.01),
      valid_min: of('int16', 0),
      valid_max: of('int16', 10_000),
    };
    expect(decoding('int16', packed)).toMatchObject({ validMin: 0, validMax: 10_000 });
    const wide = { ...packed, valid_min: of('float64', 0), valid_max: of('float64', 1) };
    expect(decoding('int16', wide)).toMatchObject({ validMin: 0, validMax: 100 });
    const falling = { scale_factor: of('float64', -0.5), valid_range: of('float64', [0, 50]) };
    expect(decoding('int16', falling)).toMatchObject({ validMin: -100, validMax: 0 });
    const integers = { ...packed, valid_min: of('int64', 0), valid_max: of('int64', 90) };
    expect(decoding('int16', integers)).toMatchObject({ validMin: 0, validMax: 90 });
    const plain = { valid_range: of('float64', [0, 1]) };
    expect(decoding('float32', plain)).toMatchObject({ validMin: 0, validMax: 1 });
  });

  it('takes the default fill only where no attribute names one', () => {
    expect(decoding('int16', {}, -32767).missing).toEqual([-32767]);
    expect(decoding('int16', { _FillValue: of('int16', -9) }, -32767).missing).toEqual([-9]);
    expect(decoding('int16', { missing_value: of('int16', [-1, -2]) }, -32767).missing).toEqual([
      -32767, -1, -2,
    ]);
    // What the type cannot hold means nothing.
    expect(decoding('uint8', { missing_value: of('float32', 1e20) }).missing).toEqual([]);
    expect(decoding('float32', { _FillValue: of('float32', NaN) }).missing).toEqual([]);
  });

  it('ignores packing that makes no numbers', () => {
    expect(decoding('int16', { scale_factor: of('float32', 0) })).toMatchObject({
      scale: 1,
      offset: 0,
    });
    expect(decoding('int16', { scale_factor: text('0.5') })).toMatchObject({ scale: 0.5 });
  });

  it('turns signs by _Unsigned', () => {
    const unsigned = bareVariable({ _Unsigned: text('true') }).attributes;
    expect([meantType('int8', unsigned), meantType('uint8', unsigned)]).toEqual(['uint8', 'uint8']);
    const signed = bareVariable({ _Unsigned: text('false') }).attributes;
    expect([meantType('uint8', signed), meantType('float32', signed)]).toEqual(['int8', 'float32']);
    const bounds = decoding('uint8', {
      valid_range: of('int8', [0, -6]),
      _FillValue: of('int8', -1),
    });
    expect(bounds).toMatchObject({ validMin: 0, validMax: 250, missing: [255] });
  });
});

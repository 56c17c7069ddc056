import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  cfOfCrs,
  coordinateTransform,
  crsOfCf,
  identifyCrs,
  isGeographic,
  proj4Of,
  wktOf,
} from '../../src/index.js';
import type { Attributes } from '../../src/index.js';
import { failure, fixture } from '../helpers.js';

type Point = readonly [number, number];

/** What pyproj says; see tools/fixtures/crs.py. */
interface Expected {
  readonly codes: Readonly<
    Record<string, { readonly points: readonly Point[]; readonly projected: readonly Point[] }>
  >;
  readonly strings: readonly {
    readonly proj: string;
    readonly points: readonly Point[];
    readonly projected: readonly Point[];
  }[];
  readonly texts: readonly {
    readonly code: number;
    readonly proj: string;
    readonly wkts: readonly string[];
    readonly cf: Attributes;
  }[];
  readonly pairs: readonly {
    readonly source: number;
    readonly target: number;
    readonly start: readonly Point[];
    readonly end: readonly Point[];
  }[];
}

const expected = JSON.parse(readFileSync(fixture('crs/crs.json'), 'utf8')) as Expected; // made by our script

/** Longitude and latitude on the ellipsoid of a CRS. */
function baseOf(crs: string): string {
  const datum = /\+datum=\S+|\+R=\S+|\+a=\S+ \+b=\S+|\+ellps=\S+/.exec(proj4Of(crs))?.[0];
  return `+proj=longlat ${datum}`;
}

/** Farthest of forward and back from pyproj, in metres. */
function worstOf(crs: string, points: readonly Point[], projected: readonly Point[]): number {
  const forward = coordinateTransform(baseOf(crs), crs);
  const back = coordinateTransform(crs, baseOf(crs));
  const perUnit = isGeographic(crs) ? 111_320 : 1;
  return points.reduce((worst, [lon, lat], i) => {
    const [x, y] = projected[i] ?? [NaN, NaN];
    const [ourX, ourY] = forward(lon, lat);
    const there = Math.hypot(ourX - x, ourY - y) * perUnit;
    const [ourLon, ourLat] = back(x, y);
    const turn = Math.abs(ourLon - lon) % 360;
    const along = Math.min(turn, 360 - turn) * Math.cos((lat * Math.PI) / 180);
    const again = Math.hypot(along, ourLat - lat) * 111_320;
    return Math.max(worst, there, again);
  }, 0);
}

describe('projections equal PROJ', () => {
  it.each(Object.entries(expected.codes))(
    'EPSG:%s to a millimetre',
    (code, { points, projected }) => {
      expect(worstOf(`EPSG:${code}`, points, projected)).toBeLessThan(1e-3);
    },
  );
  it.each(expected.strings)('$proj', ({ proj, points, projected }) => {
    // Robinson is a table that libraries interpolate each in their way.
    const limit = proj.includes('robin') ? 3 : proj.includes('ob_tran') ? 1e-2 : 1e-3;
    // proj4's gnomonic has no way back at its centre.
    const kept = points.map(([, lat]) => !proj.includes('gnom') || lat < 90);
    const far = worstOf(
      proj,
      points.filter((_, i) => kept[i]),
      projected.filter((_, i) => kept[i]),
    );
    expect(far).toBeLessThan(limit);
  });
  it('between all pairs, pole and dateline included, datums shifted', () => {
    for (const { source, target, start, end } of expected.pairs) {
      const to = coordinateTransform(`EPSG:${source}`, `EPSG:${target}`);
      const perUnit = target === 4326 ? 111_320 : 1;
      start.forEach(([x, y], i) => {
        const [ourX, ourY] = to(x, y);
        const [theirX, theirY] = end[i] ?? [NaN, NaN];
        const across = Math.abs(ourX - theirX);
        const along = perUnit > 1 ? Math.min(across, Math.abs(across - 360)) : across;
        const off = Math.hypot(along, ourY - theirY) * perUnit;
        expect(off, `${source} → ${target} at ${x}, ${y}`).toBeLessThan(1e-3);
      });
    }
  });
  it('points off the map become NaN', () => {
    const [x] = coordinateTransform('EPSG:4326', 'EPSG:3413')(0, 91);
    expect(x).toBeNaN();
  });
});

describe('texts', () => {
  it.each(expected.texts)(
    'EPSG:$code is known by its PROJ string, four kinds of WKT and CF',
    (text) => {
      const code = `EPSG:${text.code}`;
      // A PROJ string without a datum leaves several codes open.
      if (/\+datum|\+R=|\+a=/.test(text.proj)) expect(identifyCrs(text.proj)).toBe(code);
      for (const wkt of text.wkts) expect(identifyCrs(wkt), wkt.slice(0, 60)).toBe(code);
      // CF has no attributes for some.
      if ('grid_mapping_name' in text.cf) expect(crsOfCf(text.cf)).toBe(code);
      expect(identifyCrs(wktOf(code))).toBe(code);
      expect(crsOfCf(cfOfCrs(code))).toBe(code);
    },
  );
  it('numbers decide, not names: another ellipsoid is another CRS', () => {
    const polar = '+proj=stere +lat_0=90 +lat_ts=70 +lon_0=-45 +x_0=0 +y_0=0';
    expect(identifyCrs(`${polar} +a=6378273 +b=6356889.44891`)).toBe('EPSG:3411');
    expect(identifyCrs(`${polar} +datum=WGS84`)).toBe('EPSG:3413');
    const other = `${polar} +R=6371000`;
    expect(identifyCrs(other)).toBe(other);
  });
  it('says null of attributes that say nothing, and refuses what is no CRS', async () => {
    expect(crsOfCf({ units: 'm' })).toBeNull();
    await failure(() => proj4Of('EPSG:999999'), 'UnsupportedFormat');
    await failure(() => proj4Of('PROJCS["x'), 'UnsupportedFormat');
    await failure(() => coordinateTransform('EPSG:4326', 'nonsense'), 'UnsupportedFormat');
  });
});

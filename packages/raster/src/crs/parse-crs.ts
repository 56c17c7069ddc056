import { crsOfCode } from './epsg.js';
import { unsupportedCrs, type CrsParameters } from './parameters.js';
import { parseProjString } from './proj-string.js';
import { readWkt } from './wkt-read.js';

/** Longer than any real text; keeps damaged files from costing time. */
const LONGEST = 100_000;

const CODE =
  /^\s*(?:epsg\s*:+\s*|urn:(?:x-)?ogc:def:crs:epsg:[\d.]*:|https?:\/\/www\.opengis\.net\/def\/crs\/epsg\/[\d.]+\/|\+?init=epsg:)(\d{1,6})\b/i;
const CRS84 = /^\s*(?:urn:ogc:def:crs:)?ogc:(?:[\d.]*:)?crs84\s*$/i;

/** The EPSG code that a text consists of (`EPSG:3413`, `urn:ogc:def:crs:EPSG::3413`), or null. */
export function codeOfText(text: string): number | null {
  if (
    CRS84.test(text) ||
    /^https?:\/\/www\.opengis\.net\/def\/crs\/ogc\/[\d.]+\/crs84$/i.test(text.trim())
  ) {
    return 4326;
  }
  const code = CODE.exec(text)?.[1];
  return code === undefined ? null : Number(code);
}

/**
 * Parameters of `EPSG:n`, WKT or a PROJ string.
 * @throws RasterError `UnsupportedFormat` for any other text, codes that the table lacks included
 */
export function parseCrs(text: string): CrsParameters {
  if (typeof text !== 'string' || text.trim() === '') throw unsupportedCrs(String(text), 'empty');
  if (text.length > LONGEST) throw unsupportedCrs(text, `${text.length} characters`);
  const code = codeOfText(text);
  if (code !== null) {
    const crs = crsOfCode(code);
    if (!crs) throw unsupportedCrs(text, 'a code outside the table of this package');
    return crs;
  }
  if (/\+?proj\s*=/.test(text) && !/^\s*\w+\s*[[(]/.test(text)) return parseProjString(text);
  return readWkt(text);
}

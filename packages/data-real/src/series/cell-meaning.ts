import type { Attributes, AttributeValue } from '@arctic/raster';
import { CELL } from './sic-field.js';

/**
 * The bits of a cell whose value is missing, by the word for its code (`coastal`, `land_mask`,
 * `pole_hole`, `lakes`, `missing_data`); 0 where the word says nothing about the surface.
 */
function cellOfWord(word: string): number {
  if (/pole/i.test(word)) return CELL.poleHole;
  if (/lake/i.test(word)) return CELL.unused;
  if (/coast/i.test(word)) return CELL.coast;
  if (/spill|filter|interpol|climat|max|extrap|corr/i.test(word)) return 0;
  if (/land/i.test(word)) return CELL.land;
  if (/unused|outside/i.test(word)) return CELL.unused;
  return /missing|fill|no_data|not_comput/i.test(word) ? CELL.ocean | CELL.missing : 0;
}

/** The function from a stored code to the bits of its cell, by words for codes. */
export function cellsOfCodes(codes: Readonly<Record<number, string>>): (code: number) => number {
  const bits = new Map(
    Object.entries(codes).map(([code, word]) => [Number(code), cellOfWord(word)] as const),
  );
  return (code) => bits.get(code) ?? 0;
}

/**
 * The same by CF's `flag_values` or `flag_masks` with `flag_meanings`; null where the variable has
 * none. Of several masks that are set, land wins.
 */
export function cellsOfFlags(attributes: Attributes): ((code: number) => number) | null {
  const words = wordsOf(attributes['flag_meanings']);
  const values = numbersOf(attributes['flag_values']);
  const masks = numbersOf(attributes['flag_masks']);
  if (values.length > 0 && values.length === words.length) {
    return cellsOfCodes(Object.fromEntries(values.map((value, i) => [value, words[i] ?? ''])));
  }
  if (masks.length === 0 || masks.length !== words.length) return null;
  const bits = masks.map((mask, i) => [mask, cellOfWord(words[i] ?? '')] as const);
  return (code) => {
    const set = bits.reduce((all, [mask, cell]) => ((code & mask) === mask ? all | cell : all), 0);
    return set & CELL.land ? CELL.land : set;
  };
}

function wordsOf(value: AttributeValue | undefined): readonly string[] {
  return typeof value === 'string' ? value.trim().split(/[\s,]+/) : [];
}

function numbersOf(value: AttributeValue | undefined): readonly number[] {
  if (typeof value === 'number') return [value];
  if (typeof value === 'string' || value === undefined) return [];
  return value.map(Number).filter((number) => !Number.isNaN(number));
}

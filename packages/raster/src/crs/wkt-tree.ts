import { unsupportedCrs } from './parameters.js';

/** One `KEYWORD[…]` of a WKT text. */
export interface WktNode {
  /** Upper case. */
  readonly keyword: string;
  readonly items: readonly (string | number | WktNode)[];
}

/** Deeper than any real CRS; keeps damaged texts from exhausting the stack. */
const DEEPEST = 40;

const TOKEN =
  /\s*(?:"((?:[^"]|"")*)"|([A-Za-z_][\w]*)|([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|([[\](),]))/y;

/** Reads WKT of either version, with square or round brackets. @throws RasterError `UnsupportedFormat` */
export function parseWkt(text: string): WktNode {
  // Files pad texts with NUL, and ESRI's end in a line feed.
  const clean = text.replace(/\0+$/, '').trim();
  let position = 0;
  const next = (): RegExpExecArray => {
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(clean);
    if (!match) throw unsupportedCrs(text, `WKT that breaks off at character ${position}`);
    position = TOKEN.lastIndex;
    return match;
  };
  const node = (keyword: string, depth: number): WktNode => {
    if (depth > DEEPEST) throw unsupportedCrs(text, 'WKT nested too deep');
    const items: (string | number | WktNode)[] = [];
    for (;;) {
      const [, quoted, word, digits, sign] = next();
      if (quoted !== undefined) items.push(quoted.replaceAll('""', '"'));
      else if (digits !== undefined) items.push(Number(digits));
      else if (word !== undefined) {
        const ahead = /\s*[[(]/y;
        ahead.lastIndex = position;
        if (ahead.test(clean)) {
          position = ahead.lastIndex;
          items.push(node(word.toUpperCase(), depth + 1));
        } else items.push(word);
      } else if (sign === ']' || sign === ')') return { keyword, items };
      else if (sign !== ',') throw unsupportedCrs(text, `WKT with a stray "${sign}"`);
    }
  };
  const [, , word, ,] = next();
  const [, , , , bracket] = next();
  if (word === undefined || (bracket !== '[' && bracket !== '(')) {
    throw unsupportedCrs(text, 'neither WKT, a PROJ string nor EPSG:n');
  }
  return node(word.toUpperCase(), 0);
}

/** The children of a node that have one of these keywords. */
export function childrenOf(node: WktNode, ...keywords: readonly string[]): readonly WktNode[] {
  return node.items.filter(
    (item): item is WktNode => typeof item === 'object' && keywords.includes(item.keyword),
  );
}

/** The first child with one of these keywords. */
export function childOf(node: WktNode, ...keywords: readonly string[]): WktNode | undefined {
  return childrenOf(node, ...keywords)[0];
}

/** The first text of a node: its name. */
export function nameOf(node: WktNode | undefined): string {
  const name = node?.items[0];
  return typeof name === 'string' ? name : '';
}

/** A number at a place of a node, also one in quotes; NaN where there is none. */
export function numberAt(node: WktNode | undefined, place: number): number {
  const item = node?.items[place];
  if (typeof item === 'number') return item;
  return typeof item === 'string' && item.trim() !== '' ? Number(item) : NaN;
}

/** The EPSG code of a node's AUTHORITY or ID; null where it has none. */
export function epsgOf(node: WktNode | undefined): number | null {
  const authority = node && childOf(node, 'AUTHORITY', 'ID');
  if (nameOf(authority).toUpperCase() !== 'EPSG') return null;
  const code = numberAt(authority, 1);
  return Number.isInteger(code) ? code : null;
}

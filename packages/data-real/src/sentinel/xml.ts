import { readFile, stat } from 'node:fs/promises';
import { XMLParser } from 'fast-xml-parser';
import { DataRealError, reasonOf } from '../errors.js';

/** An element: its text under `#text`, attributes under `@name`, children under their names. */
export type XmlNode = Readonly<Record<string, unknown>>;

/** Bytes of the largest metadata file that is read; those of Sentinel-1 have a few MB. */
const LARGEST = 1 << 27;

/**
 * The root element of an XML file, names without their prefixes. Entities are not expanded.
 *
 * @throws DataRealError `MissingInput`, `DamagedFile`
 */
export async function readXml(path: string): Promise<XmlNode> {
  const size = await stat(path).then(
    (entry) => entry.size,
    (cause: unknown) => {
      throw new DataRealError(
        'MissingInput',
        `${path}: expected a metadata file. Received: ${reasonOf(cause)}. Unpack or download the product again.`,
        { cause },
      );
    },
  );
  if (size > LARGEST) throw damagedXml(path, `at most ${LARGEST} bytes of XML`, `${size} bytes`);
  try {
    const parser = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: '@',
      removeNSPrefix: true,
      parseTagValue: false,
      processEntities: false,
    });
    const root: unknown = parser.parse(await readFile(path), true);
    const [element] = Object.entries(isNode(root) ? root : {})
      .filter(([name]) => !name.startsWith('?'))
      .map(([, value]) => value);
    if (isNode(element)) return element;
  } catch (cause) {
    throw damagedXml(path, 'well-formed XML', reasonOf(cause), cause);
  }
  throw damagedXml(path, 'an XML document', 'none');
}

/** The child reached through names, or undefined. */
export function childAt(node: XmlNode, ...names: readonly string[]): unknown {
  let found: unknown = node;
  for (const name of names) {
    if (Array.isArray(found)) found = found[0];
    if (!isNode(found)) return undefined;
    found = found[name];
  }
  return found;
}

/** The elements reached through names: none, one or many. */
export function childrenAt(node: XmlNode, ...names: readonly string[]): readonly XmlNode[] {
  const found = childAt(node, ...names);
  return (Array.isArray(found) ? found : [found]).filter(isNode);
}

/** The text of an element reached through names; undefined where there is none. */
export function textAt(node: XmlNode, ...names: readonly string[]): string | undefined {
  let found = childAt(node, ...names);
  if (Array.isArray(found)) found = found[0];
  if (isNode(found)) found = found['#text'];
  return typeof found === 'string' ? found.trim() : undefined;
}

/**
 * A finite number in an element.
 *
 * @throws DataRealError `DamagedFile`
 */
export function numberAt(path: string, node: XmlNode, ...names: readonly string[]): number {
  const text = textAt(node, ...names);
  const value = text ? Number(text) : NaN;
  if (Number.isFinite(value)) return value;
  throw damagedXml(path, `a number in ${names.join('/')}`, text ?? 'nothing');
}

/**
 * The numbers in an element, parted by blanks.
 *
 * @throws DataRealError `DamagedFile`
 */
export function numbersAt(path: string, node: XmlNode, ...names: readonly string[]): Float64Array {
  const text = textAt(node, ...names) ?? '';
  const numbers = Float64Array.from(text.split(/\s+/).filter(Boolean), Number);
  if (numbers.length > 0 && numbers.every(Number.isFinite)) return numbers;
  throw damagedXml(path, `numbers in ${names.join('/')}`, text.slice(0, 40) || 'nothing');
}

/** The error of metadata that contradict themselves. */
export function damagedXml(
  path: string,
  expected: string,
  received: string,
  cause?: unknown,
): DataRealError {
  return new DataRealError(
    'DamagedFile',
    `${path}: expected ${expected}. Received: ${received}. Download the product again.`,
    cause === undefined ? {} : { cause },
  );
}

function isNode(value: unknown): value is XmlNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { damagedFile } from '../byte-file.js';
import { reasonOf, RasterError } from '../errors.js';
import { FolderStore } from '../zarr-store.js';
import { isObject, objectAt, parseJson, type JsonObject } from './json.js';

/** A group or array with its metadata as JSON. */
export interface ZarrNode {
  /** Names from the root of the store; empty for the root. */
  readonly path: readonly string[];
  readonly kind: 'array' | 'group';
  readonly format: 2 | 3;
  /** Of `.zarray` or `.zgroup`, or of `zarr.json`. */
  readonly metadata: JsonObject;
  readonly attributes: JsonObject;
}

/** Groups nest a few deep; links that go round would without end. */
const DEEPEST = 32;

const MOST_NODES = 100_000;

/** Metadata take kB; consolidated ones some MB. */
const LONGEST_METADATA = 1 << 28;

/**
 * Groups and arrays of a store: as its consolidated metadata list them, else by walking the folders
 * in the order of names, a group before what is in it.
 *
 * @throws RasterError `MissingFile`, `DamagedFile`, `UnsupportedFormat`
 */
export async function readHierarchy(folder: string): Promise<ZarrNode[]> {
  const store = new FolderStore(folder);
  const root = await readNode(store, []);
  const consolidated = await readJson(store, '/.zmetadata');
  if (consolidated) {
    const nodes = formatTwoNodes(objectAt(consolidated, 'metadata'));
    if (nodes.length > 0) return nodes;
  }
  if (!root) {
    throw new RasterError(
      'UnsupportedFormat',
      `${folder}: expected a Zarr store: a folder with zarr.json, .zgroup or .zarray. Received: none of these. Name the folder of the store itself.`,
    );
  }
  const inline = objectAt(objectAt(root.metadata, 'consolidated_metadata'), 'metadata');
  if (Object.keys(inline).length > 0) {
    return [root, ...Object.entries(inline).flatMap(([key, value]) => formatThreeNode(key, value))];
  }
  const nodes: ZarrNode[] = [];
  await walk(store, root, nodes);
  return nodes;
}

async function walk(store: FolderStore, node: ZarrNode, nodes: ZarrNode[]): Promise<void> {
  nodes.push(node);
  if (nodes.length > MOST_NODES) {
    throw damagedFile(store.folder, `up to ${MOST_NODES} arrays and groups`, 'more');
  }
  if (node.kind === 'array' || node.path.length >= DEEPEST) return;
  const entries = await readdir(join(store.folder, ...node.path), { withFileTypes: true });
  const names = entries.filter((entry) => !entry.isFile()).map((entry) => entry.name);
  for (const name of names.sort((a, b) => (a < b ? -1 : 1))) {
    const child = await readNode(store, [...node.path, name]);
    if (child) await walk(store, child, nodes);
  }
}

async function readNode(store: FolderStore, path: readonly string[]): Promise<ZarrNode | null> {
  const at = (file: string) => `/${[...path, file].join('/')}` as const;
  const three = await readJson(store, at('zarr.json'));
  if (three) return formatThree(path, three);
  const array = await readJson(store, at('.zarray'));
  const group = array ?? (await readJson(store, at('.zgroup')));
  if (!group) return null;
  const attributes = (await readJson(store, at('.zattrs'))) ?? {};
  return { path, kind: array ? 'array' : 'group', format: 2, metadata: group, attributes };
}

function formatThree(path: readonly string[], metadata: JsonObject): ZarrNode {
  const kind = metadata['node_type'] === 'array' ? 'array' : 'group';
  return { path, kind, format: 3, metadata, attributes: objectAt(metadata, 'attributes') };
}

function formatThreeNode(key: string, value: unknown): ZarrNode[] {
  const path = pathOfKey(key);
  return path && isObject(value) ? [formatThree(path, value)] : [];
}

/** Nodes of consolidated metadata of format 2: one entry per metadata file. */
function formatTwoNodes(entries: JsonObject): ZarrNode[] {
  return Object.entries(entries).flatMap(([key, metadata]): ZarrNode[] => {
    const kind = key.endsWith('.zarray') ? 'array' : key.endsWith('.zgroup') ? 'group' : null;
    const path = kind && pathOfKey(key.slice(0, -'.zarray'.length));
    if (!kind || !path || !isObject(metadata)) return [];
    const attributes = objectAt(entries, [...path, '.zattrs'].join('/'));
    return [{ path, kind, format: 2, metadata, attributes }];
  });
}

/** Names of a key; null where it would leave the folder. */
function pathOfKey(key: string): string[] | null {
  const path = key.split('/').filter((name) => name !== '');
  return path.includes('..') || path.includes('.') ? null : path;
}

async function readJson(store: FolderStore, key: `/${string}`): Promise<JsonObject | null> {
  const path = join(store.folder, key);
  const bytes = await readFile(path).catch((): null => null);
  if (!bytes) return null;
  try {
    if (bytes.length > LONGEST_METADATA) throw new Error(`${bytes.length} bytes`);
    return parseJson(bytes.toString('utf8'));
  } catch (cause) {
    throw damagedFile(path, 'JSON of Zarr metadata', reasonOf(cause), cause);
  }
}

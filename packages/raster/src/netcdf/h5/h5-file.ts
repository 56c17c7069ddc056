import type { ByteFile } from '../../byte-file.js';
import { damagedFile } from '../../byte-file.js';
import { readAttributes, type H5Attribute } from './attributes.js';
import { readDatasetHeader, type DatasetHeader } from './dataset-header.js';
import { GlobalHeap } from './global-heap.js';
import type { H5Blocks } from './h5-blocks.js';
import { readLinks } from './links.js';
import { MESSAGE, readObjectHeader } from './object-header.js';
import { readSuperblock } from './superblock.js';

const DEEPEST_GROUP = 32;
const MOST_OBJECTS = 1 << 17;

/** A dataset of the tree of groups. */
export interface H5Dataset {
  /** Names of the groups above it. */
  readonly group: readonly string[];
  readonly name: string;
  /** Where its header is, by which other objects refer to it. */
  readonly address: number;
  readonly header: DatasetHeader;
  readonly attributes: readonly H5Attribute[];
}

export interface H5Group {
  /** Names from the root on; [] for the root. */
  readonly path: readonly string[];
  readonly attributes: readonly H5Attribute[];
}

/** An HDF5 file: all its metadata, and what values are read with. */
export interface H5File {
  readonly blocks: H5Blocks;
  readonly heap: GlobalHeap;
  /** Groups and datasets as netCDF lists them: what a group holds, then the groups in it. */
  readonly groups: readonly H5Group[];
  readonly datasets: readonly H5Dataset[];
}

/** A dataset, or a soft link that may lead to one. */
type Member =
  H5Dataset | { readonly group: readonly string[]; readonly name: string; readonly target: string };

/** @throws RasterError `DamagedFile`, `UnsupportedFormat` */
export async function readH5File(file: ByteFile): Promise<H5File> {
  const { blocks, root } = await readSuperblock(file);
  const groups: H5Group[] = [];
  const members: Member[] = [];
  const seenGroups = new Set<number>();
  /** Objects that have several names are read once. */
  const objects = new Map<number, Promise<Omit<H5Dataset, 'group' | 'name'> | 'group' | null>>();
  let links = 0;

  const walk = async (address: number, path: readonly string[]): Promise<void> => {
    seenGroups.add(address);
    if (path.length > DEEPEST_GROUP) {
      throw damagedFile(blocks.path, `HDF5 groups ${DEEPEST_GROUP} deep at most`, 'deeper ones');
    }
    const header = await readObjectHeader(blocks, address);
    groups.push({ path, attributes: await readAttributes(blocks, header) });
    const below: { address: number; name: string }[] = [];
    for (const { name, address: at, target } of await readLinks(blocks, header)) {
      if (++links > MOST_OBJECTS) {
        throw damagedFile(blocks.path, `up to ${MOST_OBJECTS} HDF5 objects`, 'more');
      }
      if (target !== null) members.push({ group: path, name, target });
      if (at === null) continue;
      const known = objects.get(at) ?? readObject(blocks, at);
      objects.set(at, known);
      const object = await known;
      if (object === 'group') below.push({ address: at, name });
      else if (object) members.push({ group: path, name, ...object });
    }
    for (const { address: child, name } of below) {
      // A group inside itself would never end.
      if (!seenGroups.has(child)) await walk(child, [...path, name]);
    }
  };
  await walk(root, []);
  return { blocks, heap: new GlobalHeap(blocks), groups, datasets: resolved(members) };
}

async function readObject(
  blocks: H5Blocks,
  address: number,
): Promise<Omit<H5Dataset, 'group' | 'name'> | 'group' | null> {
  const header = await readObjectHeader(blocks, address);
  const has = (type: number) => header.messages.some((message) => message.type === type);
  if (!has(MESSAGE.datatype)) return 'group';
  // A type alone is one that has a name.
  if (!has(MESSAGE.dataspace)) return null;
  return {
    address,
    header: await readDatasetHeader(blocks, header),
    attributes: await readAttributes(blocks, header),
  };
}

/** Datasets with those that soft links lead to in their places. */
function resolved(members: readonly Member[]): readonly H5Dataset[] {
  const byPath = new Map<string, H5Dataset>();
  for (const member of members) {
    if ('header' in member) byPath.set([...member.group, member.name].join('/'), member);
  }
  return members.flatMap((member) => {
    if ('header' in member) return member;
    const { group, name, target } = member;
    const parts = target.startsWith('/') ? [target.slice(1)] : [...group, target];
    const found = byPath.get(parts.join('/'));
    return found ? { ...found, group, name } : [];
  });
}

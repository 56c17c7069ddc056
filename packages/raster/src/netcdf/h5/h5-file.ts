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

/** @throws RasterError `DamagedFile`, `UnsupportedFormat` */
export async function readH5File(file: ByteFile): Promise<H5File> {
  const { blocks, root } = await readSuperblock(file);
  const groups: H5Group[] = [];
  const datasets: H5Dataset[] = [];
  const seen = new Set<number>();
  const walk = async (address: number, path: readonly string[]): Promise<void> => {
    seen.add(address);
    if (path.length > DEEPEST_GROUP) {
      throw damagedFile(blocks.path, `HDF5 groups ${DEEPEST_GROUP} deep at most`, 'deeper ones');
    }
    const header = await readObjectHeader(blocks, address);
    groups.push({ path, attributes: await readAttributes(blocks, header) });
    const below: { address: number; name: string }[] = [];
    for (const link of await readLinks(blocks, header)) {
      // Soft links lead to objects that have a place of their own; hard ones may come again.
      if (link.address === null || seen.has(link.address)) continue;
      seen.add(link.address);
      if (seen.size > MOST_OBJECTS) {
        throw damagedFile(blocks.path, `up to ${MOST_OBJECTS} HDF5 objects`, 'more');
      }
      const member = await readObjectHeader(blocks, link.address);
      const has = (type: number) => member.messages.some((message) => message.type === type);
      if (has(MESSAGE.dataspace) && has(MESSAGE.datatype)) {
        datasets.push({
          group: path,
          name: link.name,
          address: link.address,
          header: await readDatasetHeader(blocks, member),
          attributes: await readAttributes(blocks, member),
        });
      } else if (!has(MESSAGE.datatype)) {
        below.push({ address: link.address, name: link.name });
      }
    }
    for (const { address: child, name } of below) await walk(child, [...path, name]);
  };
  await walk(root, []);
  return { blocks, heap: new GlobalHeap(blocks), groups, datasets };
}

import type { WrittenType } from '../grid-dataset.js';
import { ByteBuilder } from './write-bytes.js';
import { lookup3 } from './write-checksum.js';
import type { FileSink } from '../file-sink.js';
import { datasetHeader, groupHeader, type Hdf5Layout } from './write-hdf5-header.js';
import {
  dataspace,
  encodeValue,
  referenceListType,
  scaleUseType,
  UNDEFINED,
  type EncodedValue,
  type Hdf5Value,
} from './write-hdf5-types.js';

/** Bytes of the superblock, which stands at the start and is written last. */
export const SUPERBLOCK_BYTES = 48;

/** Smallest global heap collection that readers take. */
const SMALLEST_HEAP = 4096;

/** A data set whose values are in the file already. */
export interface Hdf5Dataset {
  readonly name: string;
  readonly dtype: WrittenType;
  readonly shape: readonly number[];
  readonly fill: number | null;
  readonly layout: Hdf5Layout;
  readonly attributes: Readonly<Record<string, Hdf5Value>>;
  /** Name of the dimension scale that this data set is, null where it is none. */
  readonly scale: string | null;
  /** Names of the data sets that are the scales of its axes; empty for scalars and scales. */
  readonly axes: readonly string[];
}

/**
 * Writes the metadata of an HDF5 file behind the values: heap, object headers, root group (creation
 * order tracked) and superblock (version 2, which every HDF5 since 1.8 reads).
 */
export async function writeHdf5Metadata(
  sink: FileSink,
  datasets: readonly Hdf5Dataset[],
  attributes: Readonly<Record<string, Hdf5Value>>,
): Promise<void> {
  const heapCount = datasets.reduce((sum, { axes }) => sum + axes.length, 0);
  const heapBytes = Math.max(SMALLEST_HEAP, 16 + 24 * heapCount + 16);
  const heap = heapCount > 0 ? sink.reserve(heapBytes) : 0;
  const known = datasets.map((dataset) =>
    Object.entries(dataset.attributes).map(
      ([name, value]) => [name, encodeValue(`${dataset.name}:${name}`, value)] as const,
    ),
  );
  // Lengths do not depend on addresses: once with zeros to lay the headers out, once for good.
  let addresses = new Map(datasets.map(({ name }) => [name, 0]));
  const headers = () =>
    datasets.map((dataset, i) =>
      datasetHeader({
        ...dataset,
        attributes: [
          ...(known[i] ?? []),
          ...scaleAttributes(dataset, datasets, addresses),
          ...axesAttributes(dataset, datasets, heap),
        ],
      }),
    );
  addresses = new Map(
    headers().map((header, i) => [datasets[i]?.name ?? '', sink.reserve(header.length)]),
  );
  for (const [i, header] of headers().entries()) {
    await sink.writeAt(header, addresses.get(datasets[i]?.name ?? '') ?? 0);
  }
  if (heapCount > 0) await sink.writeAt(heapCollection(datasets, addresses, heapBytes), heap);
  const root = await sink.append(
    groupHeader(
      [...addresses],
      Object.entries(attributes).map(([name, value]) => [name, encodeValue(name, value)]),
    ),
  );
  const block = new ByteBuilder()
    .u8(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 2, 8, 8, 0)
    .u64(0)
    .bytes(UNDEFINED)
    .u64(sink.position)
    .u64(root);
  await sink.writeAt(block.u32(lookup3(block.build())).build(), 0);
}

type NamedValue = readonly [name: string, value: EncodedValue];

/** What makes a data set a dimension scale: its class, its name, and who uses it. */
function scaleAttributes(
  { name, scale }: Hdf5Dataset,
  datasets: readonly Hdf5Dataset[],
  addresses: ReadonlyMap<string, number>,
): readonly NamedValue[] {
  if (scale === null) return [];
  const uses = datasets.flatMap((user) =>
    user.axes.flatMap((axis, at) => (axis === name ? [[user.name, at] as const] : [])),
  );
  const data = new ByteBuilder();
  for (const [user, at] of uses)
    data
      .u64(addresses.get(user) ?? 0)
      .u32(at)
      .zeros(4);
  return [
    ['CLASS', encodeValue('CLASS', 'DIMENSION_SCALE\0')],
    ['NAME', encodeValue('NAME', `${scale}\0`)],
    ...(uses.length > 0
      ? ([
          [
            'REFERENCE_LIST',
            { type: scaleUseType(), space: dataspace([uses.length]), data: data.build() },
          ],
        ] satisfies NamedValue[])
      : []),
  ];
}

/** The scales of a data set's axes: lists of one address each, which lie in the heap. */
function axesAttributes(
  dataset: Hdf5Dataset,
  datasets: readonly Hdf5Dataset[],
  heap: number,
): readonly NamedValue[] {
  if (dataset.axes.length === 0) return [];
  let index = 1;
  for (const earlier of datasets.slice(0, datasets.indexOf(dataset))) index += earlier.axes.length;
  const data = new ByteBuilder();
  dataset.axes.forEach((_, axis) =>
    data
      .u32(1)
      .u64(heap)
      .u32(index + axis),
  );
  const space = dataspace([dataset.axes.length]);
  return [['DIMENSION_LIST', { type: referenceListType(), space, data: data.build() }]];
}

function heapCollection(
  datasets: readonly Hdf5Dataset[],
  addresses: ReadonlyMap<string, number>,
  size: number,
): Uint8Array {
  const heap = new ByteBuilder().bytes(new TextEncoder().encode('GCOL')).u8(1, 0, 0, 0).u64(size);
  let index = 1;
  for (const axis of datasets.flatMap(({ axes }) => axes)) {
    heap
      .u16(index++)
      .u16(1)
      .u32(0)
      .u64(8)
      .u64(addresses.get(axis) ?? 0);
  }
  // Object 0 is what is free.
  const free = size - heap.length;
  return heap
    .u16(0)
    .u16(0)
    .u32(0)
    .u64(free)
    .zeros(free - 16)
    .build();
}

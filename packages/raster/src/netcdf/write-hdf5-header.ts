import type { WrittenType } from '../grid-dataset.js';
import { bytesPerElement } from '../make-variable.js';
import { ByteBuilder, bytesOf, typedArray } from './write-bytes.js';
import { lookup3 } from './write-checksum.js';
import { dataspace, numberType, UNDEFINED, type EncodedValue } from './write-hdf5-types.js';

const MESSAGE = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  fill: 0x05,
  link: 0x06,
  layout: 0x08,
  groupInfo: 0x0a,
  filters: 0x0b,
  attribute: 0x0c,
  attributeInfo: 0x15,
} as const;

const FILTER = { deflate: 1, shuffle: 2 } as const;

/** Where the values of a data set lie. */
export type Hdf5Layout =
  | { readonly kind: 'contiguous'; readonly address: number | null; readonly bytes: number }
  | {
      readonly kind: 'chunked';
      /** Of the B-tree. */
      readonly address: number;
      readonly chunk: readonly number[];
      readonly level: number;
    };

export interface Hdf5DatasetHeader {
  readonly dtype: WrittenType;
  readonly shape: readonly number[];
  readonly fill: number | null;
  readonly layout: Hdf5Layout;
  readonly attributes: Attributes;
}

type Attributes = readonly (readonly [name: string, value: EncodedValue])[];

interface Message {
  readonly type: number;
  readonly flags: number;
  readonly order: number;
  readonly body: Uint8Array;
}

/** The object header of a data set. */
export function datasetHeader(dataset: Hdf5DatasetHeader): Uint8Array {
  const { dtype, shape, fill, layout, attributes } = dataset;
  const messages = [
    message(MESSAGE.dataspace, dataspace(shape)),
    message(MESSAGE.datatype, numberType(dtype), 1),
    message(MESSAGE.fill, fillMessage(dtype, fill, layout), 1),
    message(MESSAGE.layout, layoutMessage(dtype, layout)),
  ];
  if (layout.kind === 'chunked' && layout.level > 0) {
    messages.push(message(MESSAGE.filters, filterMessage(bytesPerElement(dtype), layout.level)));
  }
  return objectHeader(messages, attributes);
}

/** The object header of a group whose links stand in the header itself, in order. */
export function groupHeader(
  links: readonly (readonly [name: string, address: number])[],
  attributes: Attributes,
): Uint8Array {
  // Flags: creation order of links is tracked and indexed.
  const info = new ByteBuilder().u8(0, 3).u64(links.length);
  for (let i = 0; i < 3; i++) info.bytes(UNDEFINED);
  const group = new ByteBuilder().u8(0, 1).u16(Math.max(8, links.length)).u16(6);
  return objectHeader(
    [
      message(MESSAGE.linkInfo, info.build()),
      message(MESSAGE.groupInfo, group.build(), 1),
      ...links.map(([name, address], i) => message(MESSAGE.link, linkMessage(name, i, address))),
    ],
    attributes,
  );
}

function linkMessage(name: string, order: number, address: number): Uint8Array {
  const text = new TextEncoder().encode(name);
  // Version 1, a hard link; flags: name length in two bytes, creation order, character set UTF-8.
  return new ByteBuilder()
    .u8(1, 0x01 | 0x04 | 0x10)
    .u64(order)
    .u8(1)
    .u16(text.length)
    .bytes(text)
    .u64(address)
    .build();
}

function fillMessage(dtype: WrittenType, fill: number | null, layout: Hdf5Layout): Uint8Array {
  // Space comes with the data (chunks one by one); the fill value is written where one is set.
  const allocation = layout.kind === 'chunked' ? 3 : 2;
  const flags = allocation | (2 << 2) | (fill === null ? 0 : 1 << 5);
  const body = new ByteBuilder().u8(3, flags);
  if (fill !== null) body.u32(bytesPerElement(dtype)).bytes(bytesOf(typedArray(dtype, [fill])));
  return body.build();
}

function layoutMessage(dtype: WrittenType, layout: Hdf5Layout): Uint8Array {
  const body = new ByteBuilder().u8(3);
  if (layout.kind === 'contiguous') {
    body.u8(1);
    if (layout.address === null) body.bytes(UNDEFINED);
    else body.u64(layout.address);
    return body.u64(layout.bytes).build();
  }
  body.u8(2, layout.chunk.length + 1).u64(layout.address);
  for (const length of layout.chunk) body.u32(length);
  return body.u32(bytesPerElement(dtype)).build();
}

function filterMessage(elementSize: number, level: number): Uint8Array {
  const shuffled = elementSize > 1;
  const body = new ByteBuilder().u8(2, shuffled ? 2 : 1);
  if (shuffled) body.u16(FILTER.shuffle).u16(1).u16(1).u32(elementSize);
  return body.u16(FILTER.deflate).u16(1).u16(1).u32(level).build();
}

function attributeMessage(name: string, { type, space, data }: EncodedValue): Uint8Array {
  const text = new TextEncoder().encode(name);
  const ascii = text.length === name.length;
  return new ByteBuilder()
    .u8(3, 0)
    .u16(text.length + 1)
    .u16(type.length)
    .u16(space.length)
    .u8(ascii ? 0 : 1)
    .bytes(text)
    .u8(0)
    .bytes(type)
    .bytes(space)
    .bytes(data)
    .build();
}

function objectHeader(messages: readonly Message[], attributes: Attributes): Uint8Array {
  // Flags: attributes tracked and indexed by creation order.
  const info = new ByteBuilder().u8(0, 3).u16(attributes.length);
  for (let i = 0; i < 3; i++) info.bytes(UNDEFINED);
  const all = [
    ...messages,
    message(MESSAGE.attributeInfo, info.build()),
    ...attributes.map(([name, value], order) =>
      message(MESSAGE.attribute, attributeMessage(name, value), 0, order),
    ),
  ];
  const body = new ByteBuilder();
  for (const { type, flags, order, body: bytes } of all) {
    body.u8(type).u16(bytes.length).u8(flags).u16(order).bytes(bytes);
  }
  // Flags: length in four bytes, attribute order tracked and indexed, limits of compact storage.
  const header = new ByteBuilder()
    .bytes(new TextEncoder().encode('OHDR'))
    .u8(2, 0x02 | 0x04 | 0x08 | 0x10)
    .u16(Math.max(8, attributes.length))
    .u16(6)
    .u32(body.length)
    .bytes(body.build());
  return header.u32(lookup3(header.build())).build();
}

function message(type: number, body: Uint8Array, flags = 0, order = 0): Message {
  return { type, flags, order, body };
}

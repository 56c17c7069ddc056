import { deflateSync } from 'node:zlib';
import { writeGeoTiff, writePng } from '@arctic/raster';

/** A grey picture with a gradient. */
export async function pngOf(path: string, width: number, height: number, shift = 0): Promise<void> {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7 + shift) % 256);
  await writePng(path, { data, width, height, channels: 3 });
}

/** A placed picture. */
export async function tiffOf(path: string, size: number): Promise<void> {
  await writeGeoTiff(path, {
    height: size,
    width: size,
    dtype: 'uint8',
    crs: 'EPSG:3413',
    transform: [0, 40, 0, -1_000_000, 0, -40],
    nodata: null,
    bands: ['red', 'green', 'blue'].map((name) => ({ name })),
    rows: (first, count) =>
      Uint8Array.from({ length: count * size * 3 }, (_, i) => (first * size * 3 + i) % 251),
  });
}

/** A PNG of many pixels in few bytes: rows of zeros, packed. */
export function bombOf(side: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const rows = deflateSync(Buffer.alloc((side + 1) * 1000)); // the first thousand rows are enough to begin with
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

function crc32(bytes: Buffer): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

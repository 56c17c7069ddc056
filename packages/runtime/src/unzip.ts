import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';

/** An open archive. */
export interface ZipArchive {
  readonly path: string;
  readonly file: FileHandle;
  readonly entries: readonly ZipEntry[];
}

/** One file in an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly bytes: number;
  readonly packedBytes: number;
  readonly crc: number;
  readonly stored: boolean;
  /** Where its own header begins. */
  readonly offset: number;
}

const END_BYTES = 22;
const LONGEST_COMMENT = 65_535;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;

/** The files in an archive, read from the directory at its end. Archives beyond 4 GB are not read. */
async function readDirectory(file: FileHandle): Promise<ZipEntry[]> {
  const { size } = await file.stat();
  const tail = await readAt(file, Math.max(0, size - END_BYTES - LONGEST_COMMENT), size);
  const end = tail.lastIndexOf('PK\x05\x06');
  if (end < 0 || end + END_BYTES > tail.length) throw new Error('it has no directory at its end');
  const start = tail.readUInt32LE(end + 16);
  const directory = await readAt(file, start, start + tail.readUInt32LE(end + 12));
  const entries: ZipEntry[] = [];
  for (let at = 0, left = tail.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (directory.toString('latin1', at, at + 4) !== 'PK\x01\x02')
      throw new Error('its directory is damaged');
    const nameBytes = directory.readUInt16LE(at + 28);
    entries.push({
      name: directory.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes),
      stored: directory.readUInt16LE(at + 10) === 0,
      crc: directory.readUInt32LE(at + 16),
      packedBytes: directory.readUInt32LE(at + 20),
      bytes: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
    });
    at +=
      ENTRY_BYTES + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

/** The content of one entry, decompressed. */
async function contentOf({ path, file }: ZipArchive, entry: ZipEntry): Promise<Readable> {
  if (entry.packedBytes === 0) return Readable.from([]);
  const header = await readAt(file, entry.offset, entry.offset + LOCAL_BYTES);
  const start = entry.offset + LOCAL_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
  const end = start + entry.packedBytes - 1;
  const packed = createReadStream(path, { start, end, highWaterMark: 2 ** 20 });
  if (entry.stored) return packed;
  const inflate = createInflateRaw({ chunkSize: 2 ** 20 });
  packed.on('error', (error) => inflate.destroy(error)).pipe(inflate);
  return inflate;
}

/** Passes everything on, and fails at the end unless it was what `entry` says. */
function checked(entry: ZipEntry): Transform {
  let crc = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      crc = crc32(chunk, crc);
      done(undefined, chunk);
    },
    flush(done) {
      done(crc === entry.crc ? undefined : new Error(`${entry.name} in it is damaged`));
    },
  });
}

/** The text of a small entry. */
export async function readEntry(archive: ZipArchive, entry: ZipEntry): Promise<string> {
  const parts: Buffer[] = [];
  await pipeline(await contentOf(archive, entry), checked(entry), async (chunks) => {
    for await (const part of chunks) parts.push(part as Buffer); // a stream of bytes
  });
  return Buffer.concat(parts).toString('utf8');
}

/** Writes one entry below `folder`. */
export async function extractEntry(
  archive: ZipArchive,
  entry: ZipEntry,
  folder: string,
): Promise<void> {
  const target = join(folder, entry.name);
  await mkdir(dirname(target), { recursive: true });
  await pipeline(await contentOf(archive, entry), checked(entry), createWriteStream(target));
}

async function readAt(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const buffer = Buffer.alloc(Math.max(0, end - start));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
  if (bytesRead < buffer.length) throw new Error('it ends too early');
  return buffer;
}

/**
 * What `use` makes of the archive at `path`, which is open for so long.
 *
 * @throws Error where the file is not a complete zip archive.
 */
export async function withZip<T>(
  path: string,
  use: (archive: ZipArchive) => Promise<T>,
): Promise<T> {
  const file = await open(path);
  try {
    return await use({ path, file, entries: await readDirectory(file) });
  } finally {
    await file.close();
  }
}

import { promisify } from 'node:util';
import { crc32, createInflateRaw, inflateRaw } from 'node:zlib';
import { openPromise, type Entry, type ZipFile as YauzlFile } from 'yauzl';
import { assertPlausible, ByteFile, damagedFile } from '../byte-file.js';
import { RasterError, reasonOf } from '../errors.js';
import type { ByteSource } from './npy-header.js';

/** Members up to this size are unpacked whole and checked; of these, this many bytes are kept. */
const KEPT_BYTES = 1 << 26;

const READ_BYTES = 1 << 20;

const STORED = 0;
const DEFLATED = 8;

const inflate = promisify(inflateRaw);

/** A ZIP archive (ZIP64 too) whose members are read in pieces. */
export class ZipFile {
  readonly file: ByteFile;
  readonly #zip: YauzlFile;
  readonly #entries: readonly Entry[];
  /** Oldest first. */
  readonly #kept = new Map<Entry, Promise<Uint8Array<ArrayBuffer>>>();

  private constructor(file: ByteFile, zip: YauzlFile, entries: readonly Entry[]) {
    this.file = file;
    this.#zip = zip;
    this.#entries = entries;
  }

  /** @throws RasterError `MissingFile`, `DamagedFile` */
  static async open(path: string): Promise<ZipFile> {
    const file = await ByteFile.open(path);
    try {
      const zip = await openPromise(path, { lazyEntries: true, autoClose: false });
      try {
        return new ZipFile(file, zip, await readEntries(zip));
      } catch (cause) {
        zip.close();
        throw cause;
      }
    } catch (cause) {
      await file.close();
      throw damagedFile(path, 'a ZIP archive', reasonOf(cause), cause);
    }
  }

  /** The members in the archive's order. */
  members(): (ByteSource & { readonly name: string })[] {
    return this.#entries.map((entry) => ({
      name: entry.fileName,
      path: `${this.file.path}/${entry.fileName}`,
      size: entry.uncompressedSize,
      read: (at, length) => this.#read(entry, at, length),
    }));
  }

  async close(): Promise<void> {
    this.#zip.close();
    await this.file.close();
  }

  async #read(entry: Entry, at: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const { path } = this.file;
    const name = `${path}/${entry.fileName}`;
    const { compressionMethod: method, compressedSize: packed, uncompressedSize: size } = entry;
    if (entry.isEncrypted() || (method !== STORED && method !== DEFLATED)) {
      throw new RasterError(
        'UnsupportedFormat',
        `${name}: expected a stored or deflated member. Received: ${entry.isEncrypted() ? 'an encrypted one' : `compression method ${method}`}. Save it with np.savez_compressed.`,
      );
    }
    assertPlausible(name, 'a member', size, packed);
    if (
      !(at >= 0 && length >= 0 && at + length <= size) ||
      (method === STORED && packed !== size)
    ) {
      throw damagedFile(name, `${length} bytes at ${at}`, `${packed} bytes packed from ${size}`);
    }
    if (size <= KEPT_BYTES) {
      return (await this.#whole(entry)).slice(at, at + length);
    }
    const start = await this.#start(entry);
    return method === STORED ? this.file.read(start + at, length) : this.#stream(entry, at, length);
  }

  /** All of a small member, unpacked once while it is kept. */
  #whole(entry: Entry): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = this.#kept.get(entry) ?? this.#unpack(entry);
    this.#kept.set(entry, bytes);
    let total = 0;
    for (const { uncompressedSize } of this.#kept.keys()) total += uncompressedSize;
    for (const oldest of this.#kept.keys()) {
      if (total <= KEPT_BYTES || oldest === entry) break;
      this.#kept.delete(oldest);
      total -= oldest.uncompressedSize;
    }
    return bytes;
  }

  /** All of a member, its checksum compared. */
  async #unpack(entry: Entry): Promise<Uint8Array<ArrayBuffer>> {
    const name = `${this.file.path}/${entry.fileName}`;
    const raw = await this.file.read(await this.#start(entry), entry.compressedSize);
    const size = entry.uncompressedSize;
    let bytes = raw;
    if (entry.compressionMethod === DEFLATED) {
      const unpacked = await inflate(raw, { maxOutputLength: Math.max(1, size) }).catch(
        (cause: unknown) => {
          throw damagedFile(name, `deflated data of ${size} bytes`, reasonOf(cause), cause);
        },
      );
      bytes = new Uint8Array(unpacked);
    }
    if (bytes.length !== size) throw damagedFile(name, `${size} bytes`, `${bytes.length}`);
    assertChecksum(name, crc32(bytes), entry);
    return bytes;
  }

  /** A piece of a large deflated member; the checksum is compared where it ends with the member. */
  async #stream(entry: Entry, at: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const name = `${this.file.path}/${entry.fileName}`;
    const out = new Uint8Array(length);
    const start = await this.#start(entry);
    const inflater = createInflateRaw();
    inflater.on('error', () => undefined); // Comes again out of the loop below.
    const feed = this.#feed(inflater, start, entry.compressedSize);
    let done = 0;
    let checksum = 0;
    try {
      for await (const chunk of inflater as AsyncIterable<Buffer>) {
        // zlib's streams give buffers
        checksum = crc32(chunk, checksum);
        const from = Math.max(0, at - done);
        const piece = chunk.subarray(from, Math.max(from, at + length - done));
        out.set(piece, Math.max(0, done - at));
        done += chunk.length;
        if (done > entry.uncompressedSize || (done >= at + length && done < entry.uncompressedSize))
          break;
      }
      await feed;
    } catch (cause) {
      throw damagedFile(name, 'deflated data', reasonOf(cause), cause);
    }
    if (done < at + length || done > entry.uncompressedSize) {
      throw damagedFile(name, `${entry.uncompressedSize} bytes`, `${done}`);
    }
    if (done === entry.uncompressedSize) assertChecksum(name, checksum, entry);
    return out;
  }

  async #feed(
    inflater: ReturnType<typeof createInflateRaw>,
    start: number,
    length: number,
  ): Promise<void> {
    for (let at = 0; at < length && !inflater.destroyed; at += READ_BYTES) {
      const piece = await this.file.read(start + at, Math.min(READ_BYTES, length - at));
      const ready = inflater.write(piece);
      if (!ready && !inflater.destroyed) {
        await new Promise<void>((resolve) => {
          inflater
            .once('drain', resolve)
            .once('close', resolve)
            .once('error', () => resolve());
        });
      }
    }
    inflater.end();
  }

  async #start(entry: Entry): Promise<number> {
    try {
      return (await this.#zip.readLocalFileHeaderPromise(entry, { minimal: true })).fileDataStart;
    } catch (cause) {
      const name = `${this.file.path}/${entry.fileName}`;
      throw damagedFile(name, 'a local header', reasonOf(cause), cause);
    }
  }
}

async function readEntries(zip: YauzlFile): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of zip.eachEntry()) entries.push(entry);
  return entries;
}

function assertChecksum(name: string, received: number, entry: Entry): void {
  if (received === entry.crc32) return;
  throw damagedFile(name, `CRC-32 ${entry.crc32.toString(16)}`, received.toString(16));
}

import { createReadStream } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGunzip, gunzip } from 'node:zlib';
import { extract, type Extract } from 'tar-stream';
import { DataRealError, reasonOf } from './errors.js';

const unzip = promisify(gunzip);

/** A file found in an input: its path (`archive:entry` in archives) and its bytes, unpacked. */
export interface InputFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * The files of an input whose path `wanted` accepts, one after the other in the order of names: a
 * folder (with those below it), one file, or an archive (.tar, .tar.gz, .tgz), which is streamed.
 * Gzipped files are unpacked, whatever their name says about it.
 *
 * @throws DataRealError `MissingInput`, `DamagedFile`
 */
export async function* inputFiles(
  input: string,
  wanted: (path: string) => boolean,
): AsyncGenerator<InputFile> {
  const entry = await stat(input).catch((cause: unknown) => {
    throw new DataRealError(
      'MissingInput',
      `${input}: expected a folder, a .bin file or a .tar.gz archive. Received: ${reasonOf(cause)}. Check the path.`,
      { cause },
    );
  });
  if (entry.isDirectory()) {
    const names = await readdir(input, { recursive: true });
    for (const name of names.sort()) {
      const path = join(input, name);
      if (isArchive(path)) yield* archiveFiles(path, wanted);
      else if (wanted(path)) yield await looseFile(path);
    }
  } else if (isArchive(input)) {
    yield* archiveFiles(input, wanted);
  } else if (wanted(input)) {
    yield await looseFile(input);
  }
}

function isArchive(path: string): boolean {
  return /\.(tar|tgz|tar\.gz)$/i.test(path);
}

async function looseFile(path: string): Promise<InputFile> {
  try {
    return { path, bytes: await unpacked(await readFile(path)) };
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

async function unpacked(bytes: Buffer): Promise<Uint8Array> {
  return isGzip(bytes) ? unzip(bytes) : bytes;
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function* archiveFiles(
  path: string,
  wanted: (path: string) => boolean,
): AsyncGenerator<InputFile> {
  const entries: Extract = extract();
  const stages = (await startsWithGzip(path)) ? [createGunzip(), entries] : [entries];
  // The reason lies in the first stage that failed; the loop below only sees the stream close.
  let failure: unknown;
  const feeding = pipeline([createReadStream(path), ...stages]).catch((cause: unknown) => {
    failure ??= cause;
  });
  let finished = false;
  try {
    for await (const entry of entries) {
      const name = `${path}:${entry.header.name}`;
      if (entry.header.type === 'file' && wanted(name)) {
        yield { path: name, bytes: await unpacked(await collect(entry)) };
      } else {
        entry.resume();
      }
    }
    finished = true;
  } catch (cause) {
    if (cause instanceof DataRealError) throw cause;
    await feeding;
    throw unreadable(path, failure ?? cause);
  } finally {
    // Reached early when the caller stops: its own error goes on, not that of the closed stream.
    if (!finished) entries.destroy();
  }
  await feeding;
  if (failure !== undefined) throw unreadable(path, failure);
}

async function collect(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) if (part instanceof Uint8Array) parts.push(part);
  return Buffer.concat(parts);
}

async function startsWithGzip(path: string): Promise<boolean> {
  try {
    const handle = await open(path);
    try {
      const head = new Uint8Array(2);
      await handle.read(head, 0, 2, 0);
      return isGzip(head);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): DataRealError {
  return new DataRealError(
    'DamagedFile',
    `${path}: expected a whole, readable file. Received: ${reasonOf(cause)}. Download it again.`,
    { cause },
  );
}

import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataRealError, reasonOf } from '../errors.js';
import { at } from './json-field.js';

/** Name of the record in each folder of downloads. */
export const CHECKSUM_RECORD = 'checksums.jsonl';

/** What is known of a downloaded file. */
export interface FileRecord {
  /** Path below the folder, with `/`. */
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Where it came from. */
  readonly url: string;
}

/**
 * The checksums of a folder's files: one JSON line per download, appended, the last of a file
 * counts. Appending costs the same for the first and the ten-thousandth file, and a line that a
 * crash tore is no line.
 */
export class ChecksumRecord {
  readonly #path: string;
  readonly #records: Map<string, FileRecord>;
  /** Whether the file ends inside a line. */
  #torn: boolean;

  private constructor(path: string, text: string) {
    this.#path = path;
    this.#torn = text !== '' && !text.endsWith('\n');
    this.#records = new Map(
      text.split('\n').flatMap((line) => {
        const record = parsed(line);
        return record ? [[record.file, record] as const] : [];
      }),
    );
  }

  /** The record of a folder, empty where there is none yet. @throws DataRealError `WriteFailed` */
  static async open(folder: string): Promise<ChecksumRecord> {
    const path = join(folder, CHECKSUM_RECORD);
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
      throw recordError(path, error);
    });
    return new ChecksumRecord(path, text);
  }

  get(file: string): FileRecord | undefined {
    return this.#records.get(file);
  }

  /** @throws DataRealError `WriteFailed` */
  async add(record: FileRecord): Promise<void> {
    const line = `${this.#torn ? '\n' : ''}${JSON.stringify(record)}\n`;
    this.#torn = false;
    this.#records.set(record.file, record);
    await appendFile(this.#path, line).catch((error: unknown) => {
      throw recordError(this.#path, error);
    });
  }
}

function parsed(line: string): FileRecord | undefined {
  try {
    const record: unknown = JSON.parse(line);
    const [file, sha256] = [at(record, 'file'), at(record, 'sha256')];
    const [bytes, url] = [at(record, 'bytes'), at(record, 'url')];
    const isRecord =
      typeof file === 'string' &&
      typeof sha256 === 'string' &&
      typeof bytes === 'number' &&
      typeof url === 'string';
    return isRecord ? { file, sha256, bytes, url } : undefined;
  } catch {
    return undefined;
  }
}

function recordError(path: string, cause: unknown): DataRealError {
  return new DataRealError(
    'WriteFailed',
    `${path}: expected to read and extend the record of checksums. Received: ${reasonOf(cause)}. Check that the folder may be written to and has space.`,
    { cause },
  );
}

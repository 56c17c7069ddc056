import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DataRealError } from '../errors.js';
import { fileDigests, type Checksum } from './checksum.js';
import { ChecksumRecord } from './checksum-record.js';
import { HttpSession, type NetworkOptions } from './http-session.js';
import type { LoginName } from './login.js';
import { transfer, type RemoteFile } from './transfer.js';

/** A file of a download, whole and checked. */
export interface DownloadedFile {
  readonly path: string;
  readonly url: string;
  /** ISO date of its data; null where it has none. */
  readonly date: string | null;
  readonly bytes: number;
  readonly sha256: string;
  /**
   * `fetched`: new; `kept`: it was there as recorded; `replaced`: what was there had no record, was
   * no longer as recorded, or no longer what the agency publishes, and was fetched again.
   */
  readonly status: 'fetched' | 'kept' | 'replaced';
}

export interface DownloadFileOptions extends NetworkOptions {
  /** What the file must have. @default what the server states, if it does */
  readonly checksum?: Checksum;
  /** Account that the server may ask for. @default none */
  readonly login?: LoginName;
  /** Bytes there are and, where the server says, will be. @default nothing */
  readonly onProgress?: (bytes: number, total: number | null) => void;
}

/**
 * Downloads one file and records its checksum in `checksums.jsonl` beside it.
 *
 * It goes on where an earlier run stopped, tries again what may pass (broken connections, stalls,
 * short files, 408, 425, 429, 500, 502, 503, 504), and gives the file its name only when it is
 * whole, checked and on the disk. A file that is there as recorded is not fetched again.
 *
 * @throws DataRealError `LoginNeeded`, `AccessDenied`, `NotFound`, `DownloadFailed`, `DamagedFile`,
 * `WriteFailed`, `Aborted`
 *
 * @example
 * ```ts
 * const url =
 *   'https://noaadata.apps.nsidc.org/NOAA/G02135/north/daily/data/N_seaice_extent_daily_v4.0.csv';
 * await downloadFile(url, 'downloads/extent.csv', { retry: { stallMs: 20_000 } });
 * ```
 */
export async function downloadFile(
  url: string,
  path: string,
  options: DownloadFileOptions = {},
): Promise<DownloadedFile> {
  const { checksum, login, onProgress } = options;
  const remote: RemoteFile = { name: basename(path), url, date: null, checksum, login };
  const record = await ChecksumRecord.open(dirname(path));
  const session = new HttpSession(options);
  return fetchInto(session, dirname(path), record, remote, onProgress ?? (() => undefined));
}

/** Downloads a file below a folder, unless it is there. @throws as `downloadFile` */
export async function fetchInto(
  session: HttpSession,
  folder: string,
  record: ChecksumRecord,
  remote: RemoteFile,
  onBytes: (bytes: number, total: number | null) => void,
): Promise<DownloadedFile> {
  const path = join(folder, remote.name);
  const { url, date } = remote;
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory()) {
    throw new DataRealError(
      'WriteFailed',
      `${path}: expected a file or nothing at this path. Received: a folder. Choose another output folder.`,
    );
  }
  if (there) {
    const digests = await fileDigests(path, ['sha256', remote.checksum?.algorithm ?? 'sha256']);
    const { sha256 } = digests;
    const isPublished =
      remote.checksum && digests[remote.checksum.algorithm] === remote.checksum.value;
    const isRecorded = record.get(remote.name)?.sha256 === sha256;
    if (isPublished || (isRecorded && !remote.checksum)) {
      if (!isRecorded) await record.add({ file: remote.name, sha256, bytes: there.size, url });
      onBytes(there.size, there.size);
      return { path, url, date, bytes: there.size, sha256, status: 'kept' };
    }
  }
  const { bytes, sha256 } = await transfer(session, remote, path, onBytes);
  await record.add({ file: remote.name, sha256, bytes, url });
  return { path, url, date, bytes, sha256, status: there ? 'replaced' : 'fetched' };
}

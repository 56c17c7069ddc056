import type { FileHandle } from 'node:fs/promises';
import { DataRealError } from '../errors.js';
import { checksumOfHeaders, fileDigests, type Checksum } from './checksum.js';
import { EagerBody } from './eager-body.js';
import { brokenOff, shown, type HttpSession } from './http-session.js';
import type { LoginName } from './login.js';
import { PartFile, type PartOrigin } from './part-file.js';
import { StallWatch } from './stall-watch.js';
import { TransientError, withRetries } from './transient.js';

/** A file on a server. */
export interface RemoteFile {
  /** Path below the output folder, with `/`. */
  readonly name: string;
  readonly url: string;
  /** ISO date of its data; null for files of a whole record. */
  readonly date: string | null;
  /** Size as the catalogue states it, for progress alone; undefined where it does not. */
  readonly bytes?: number | undefined;
  /** As the catalogue states it. */
  readonly checksum?: Checksum | undefined;
  /** Account that the server may ask for. */
  readonly login?: LoginName | undefined;
  /** Beginning of the content type that it must have, `image/`. */
  readonly contentType?: string | undefined;
}

/** Size and digest of a file that arrived. */
export interface Arrived {
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Fetches a file to `path`, which it takes only when whole and checked.
 *
 * A broken attempt is continued with `Range` and `If-Range`; a server that ignores them, or whose
 * file has changed meanwhile, is read from the beginning. Where neither an ETag, a date of change
 * nor a published checksum could tell a changed file, nothing is continued.
 *
 * @throws DataRealError `LoginNeeded`, `AccessDenied`, `NotFound`, `DownloadFailed`, `DamagedFile`,
 * `WriteFailed`, `Aborted`
 */
export async function transfer(
  session: HttpSession,
  remote: RemoteFile,
  path: string,
  onBytes: (bytes: number, total: number | null) => void,
): Promise<Arrived> {
  const part = new PartFile(path);
  const address = shown(new URL(remote.url));
  let furthest = 0;
  let progressed = false;
  let mismatches = 0;
  const note = (bytes: number, total: number | null) => {
    if (bytes > furthest) {
      furthest = bytes;
      progressed = true;
    }
    onBytes(bytes, total);
  };
  return withRetries(
    address,
    session.retry,
    session.signal,
    async () => {
      progressed = false;
      const fetched = await attempt(session, remote, part, address, note);
      const checksum = remote.checksum ?? fetched.checksum;
      const digests = await part.guarded(() =>
        fileDigests(part.partPath, ['sha256', checksum?.algorithm ?? 'sha256']),
      );
      if (checksum && digests[checksum.algorithm] !== checksum.value) {
        await part.discard();
        furthest = 0;
        mismatches += 1;
        if (mismatches === 1) throw new TransientError(`a wrong ${checksum.algorithm} checksum`);
        throw new DataRealError(
          'DamagedFile',
          `${address}: expected ${checksum.algorithm} ${checksum.value}. Received: ${digests[checksum.algorithm]}, twice. Tell the agency, or try another mirror.`,
        );
      }
      await part.finish();
      return { bytes: fetched.bytes, sha256: digests.sha256 };
    },
    () => progressed,
  );
}

/** One request; on return the part is whole as far as its length tells. */
async function attempt(
  session: HttpSession,
  remote: RemoteFile,
  part: PartFile,
  address: string,
  onBytes: (bytes: number, total: number | null) => void,
): Promise<{ readonly bytes: number; readonly checksum: Checksum | undefined }> {
  const earlier = await part.earlier(remote.url);
  const mayGoOn = earlier !== null && (earlier.origin.validator !== null || remote.checksum);
  const from = mayGoOn ? earlier.bytes : 0;
  const watch = new StallWatch(session.retry.stallMs, session.signal);
  let handle: FileHandle | undefined;
  let body: EagerBody | undefined;
  try {
    const { response } = await session.get(remote.url, {
      headers: rangeHeaders(from, mayGoOn ? earlier.origin : null),
      signal: watch.signal,
      login: remote.login,
    });
    watch.touch();
    const { status, headers } = response;
    body = new EagerBody(response.body, watch.signal, () => watch.touch());
    const begin = status === 206 ? rangeOf(headers) : { start: 0, total: lengthOf(headers) };
    const origin: PartOrigin = {
      url: remote.url,
      validator: validatorOf(headers),
      total: begin?.total ?? null,
    };
    if (status === 416) {
      // All of it was there: the crash came between the last byte and the new name.
      if (
        from > 0 &&
        /^bytes \*\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1] === `${from}`
      )
        return { bytes: from, checksum: undefined };
      await part.discard();
      throw new TransientError('status 416 for a range of the file');
    }
    if (status === 206 && !isContinuation(begin, from, origin, earlier?.origin)) {
      await part.discard();
      throw new TransientError('another range than the one asked for');
    }
    refuseOtherType(headers, remote, address);
    const open = await part.open(begin?.start ?? 0, origin);
    handle = open;
    let at = begin?.start ?? 0;
    onBytes(at, origin.total);
    for await (const bytes of body.parts()) {
      await part.guarded(() => writeAll(open, bytes, at));
      // Reading pauses while a slow disk catches up, which is no stall of the server.
      watch.touch();
      at += bytes.length;
      onBytes(at, origin.total);
    }
    watch.stop();
    if (origin.total !== null && at !== origin.total) {
      throw new TransientError(`${at} of ${origin.total} bytes`);
    }
    if (at === 0) throw new TransientError('an empty answer');
    await part.guarded(() => open.sync());
    return { bytes: at, checksum: checksumOfHeaders(headers, status) };
  } catch (error) {
    throw brokenOff(error, watch);
  } finally {
    watch.stop();
    // Of a body that was not read to its end, which would hold the connection.
    await body?.cancel();
    await handle?.close();
  }
}

function rangeHeaders(from: number, origin: PartOrigin | null): Record<string, string> {
  // Compressed transfers have neither a length nor ranges of the file itself.
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (from > 0) {
    headers['range'] = `bytes=${from}-`;
    if (origin?.validator) headers['if-range'] = origin.validator;
  }
  return headers;
}

interface Begin {
  readonly start: number;
  readonly total: number | null;
}

function rangeOf(headers: Headers): Begin | undefined {
  const found = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headers.get('content-range')?.trim() ?? '');
  if (!found) return undefined;
  const [start, end] = [Number(found[1]), Number(found[2])];
  const total = found[3] === '*' ? null : Number(found[3]);
  // A server may send less than asked for; the rest comes with the next attempt.
  return end < start || (total !== null && end >= total) ? undefined : { start, total };
}

function isContinuation(
  begin: Begin | undefined,
  from: number,
  now: PartOrigin,
  before: PartOrigin | undefined,
): boolean {
  if (!begin || begin.start !== from) return false;
  if (before?.total != null && now.total !== null && before.total !== now.total) return false;
  return !before?.validator || !now.validator || before.validator === now.validator;
}

function lengthOf(headers: Headers): number | null {
  if (headers.get('content-encoding') && headers.get('content-encoding') !== 'identity')
    return null;
  const text = headers.get('content-length');
  return text && /^\d+$/.test(text) ? Number(text) : null;
}

function validatorOf(headers: Headers): string | null {
  const etag = headers.get('etag');
  if (headers.get('content-encoding')) return null;
  return etag?.startsWith('"') ? etag : headers.get('last-modified');
}

/** A page where a file should be is a login, a notice of maintenance, or an error in words. */
function refuseOtherType(headers: Headers, remote: RemoteFile, address: string): void {
  const type = headers.get('content-type') ?? '';
  const isPage = /^text\/html\b/i.test(type) && !/\.html?$/i.test(remote.name);
  const isOther = remote.contentType !== undefined && !type.startsWith(remote.contentType);
  if (!isPage && !isOther) return;
  throw new DataRealError(
    'DownloadFailed',
    `${address}: expected ${remote.contentType ? `a file of type ${remote.contentType}…` : 'a data file'}. Received: ${type || 'no type'}. Open the address in a browser to see what the server says.`,
  );
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
}

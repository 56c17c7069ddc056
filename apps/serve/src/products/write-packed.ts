import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ProductResult } from '../workers/jobs.js';

const compress = promisify(gzip);

/** Higher levels take longer than they save on the way. */
const LEVEL = 4;

/** Writes an answer, and gzipped beside it for clients that take that. */
export async function writePacked(
  path: string,
  bytes: Uint8Array,
  contentType: string,
): Promise<ProductResult> {
  await writeFile(path, bytes);
  await writeFile(`${path}.gz`, await compress(bytes, { level: LEVEL }));
  return { path, gzipped: `${path}.gz`, contentType, bytes: bytes.length };
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

export type ChecksumAlgorithm = (typeof ALGORITHMS)[number];

/** A digest of a file as its publisher states it, in lower-case hexadecimal digits. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value: string;
}

const DIGITS: Readonly<Record<ChecksumAlgorithm, number>> = {
  md5: 32,
  sha1: 40,
  sha256: 64,
  sha512: 128,
};

const ALGORITHMS = ['md5', 'sha1', 'sha256', 'sha512'] as const;

/** A checksum out of the names that catalogues use (`MD5`, `SHA-256`), or undefined for others. */
export function checksumOf(algorithm: unknown, value: unknown): Checksum | undefined {
  if (typeof algorithm !== 'string' || typeof value !== 'string') return undefined;
  const name = algorithm.toLowerCase().replace(/[^a-z0-9]/g, '');
  const known = ALGORITHMS.find((one) => one === name);
  const digits = value.trim().toLowerCase();
  if (!known || digits.length !== DIGITS[known] || !/^[0-9a-f]+$/.test(digits)) return undefined;
  return { algorithm: known, value: digits };
}

/** The checksum of the whole file that a response states, or undefined. */
export function checksumOfHeaders(headers: Headers, status: number): Checksum | undefined {
  const digest = headers.get('repr-digest') ?? headers.get('digest');
  const sha256 = /(?:^|,)\s*sha-256=:?([A-Za-z0-9+/]{43}=)/i.exec(digest ?? '')?.[1];
  if (sha256) return checksumOf('sha256', Buffer.from(sha256, 'base64').toString('hex'));
  // Of a part, Content-MD5 is the digest of that part.
  const md5 = status === 200 ? headers.get('content-md5') : null;
  if (md5) return checksumOf('md5', Buffer.from(md5, 'base64').toString('hex'));
  // S3's ETag is the MD5 of objects that were neither uploaded in parts nor encrypted by a key.
  const isS3 = headers.get('server') === 'AmazonS3';
  const etag = /^"([0-9a-f]{32})"$/.exec(headers.get('etag') ?? '')?.[1];
  const isEncrypted = /kms/i.test(headers.get('x-amz-server-side-encryption') ?? '');
  return isS3 && !isEncrypted ? checksumOf('md5', etag) : undefined;
}

/** Digests of a file's bytes, read once: of one algorithm each, in hexadecimal digits. */
export async function fileDigests<A extends ChecksumAlgorithm>(
  path: string,
  algorithms: readonly A[],
): Promise<Readonly<Record<A, string>>> {
  const hashes = new Map([...new Set(algorithms)].map((name) => [name, createHash(name)]));
  for await (const part of createReadStream(path, { highWaterMark: 1 << 20 })) {
    for (const hash of hashes.values()) hash.update(part);
  }
  const digests = [...hashes].map(([name, hash]) => [name, hash.digest('hex')] as const);
  // One entry per algorithm by construction, which Object.fromEntries cannot say.
  return Object.fromEntries(digests) as Record<A, string>;
}

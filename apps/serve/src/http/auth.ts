import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { ServeError } from '../errors.js';

/** Checks that a request brings one of the keys. @throws ServeError 401 */
export function keyCheck(keys: readonly string[]): (request: FastifyRequest) => void {
  const hashes = keys.map(hash);
  return ({ headers }) => {
    const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
    const given = headers['x-api-key'] ?? bearer;
    const key = typeof given === 'string' ? hash(given) : null;
    // All are compared, so that the time says nothing.
    const found = hashes.filter((one) => key !== null && timingSafeEqual(one, key)).length > 0;
    if (!found)
      throw new ServeError(
        401,
        'no-key',
        'Expected an API key as header x-api-key or authorization: Bearer. Received: none that is known.',
      );
  };
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

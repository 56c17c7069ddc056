import { createReadStream } from 'node:fs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Answer } from '../products/answer-cache.js';

/** Sends an answer from memory or its file, packed where the client takes that, or 304. */
export function sendAnswer(
  answer: Answer,
  name: string,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const etag = `"${answer.id}"`;
  reply.header('etag', etag).header('vary', 'accept-encoding').header('cache-control', 'no-cache');
  if (request.headers['if-none-match']?.split(/\s*,\s*/).includes(etag))
    return reply.code(304).send();
  const takesGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  const packed = takesGzip ? answer.gzipped : null;
  const part = packed ?? answer.plain;
  if (packed) reply.header('content-encoding', 'gzip');
  reply.type(answer.contentType).header('content-length', part.bytes);
  if (!/json/.test(answer.contentType))
    reply.header('content-disposition', `attachment; filename="${name}"`);
  return reply.send(part.data ?? createReadStream(part.path));
}

import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { STATUS_CODES } from 'node:http';
import { isTaggedError, ServeError } from '../errors.js';

/** Problem details (RFC 9457). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
}

/** Seconds that a client waits where nobody says how long. */
const RETRY_AFTER = 5;

/** Kinds of the server framework's own errors. */
const KINDS: Readonly<Record<string, string>> = {
  FST_REQ_FILE_TOO_LARGE: 'too-large',
  FST_ERR_CTP_BODY_TOO_LARGE: 'too-large',
  FST_PARTS_LIMIT: 'too-many-parts',
  FST_FILES_LIMIT: 'too-many-parts',
  FST_FIELDS_LIMIT: 'too-many-parts',
  FST_INVALID_MULTIPART_CONTENT_TYPE: 'not-multipart',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'not-multipart',
};

/** Answers with problem details; what is this program's own fault is logged and not told. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { status, kind, detail, retryAfter } = problemOf(error);
  if (status >= 500 && status !== 503) request.log.error({ err: error }, 'failed');
  else request.log.debug({ kind, detail }, 'refused');
  if (reply.raw.headersSent) {
    reply.raw.destroy();
    return;
  }
  if (status === 503 || status === 429) reply.header('retry-after', String(retryAfter));
  const problem: Problem = {
    type: `urn:arctic:problem:${kind}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    instance: request.url.split('?')[0] ?? '/',
  };
  // A string: no schema of the route has a say in it.
  void reply
    .code(status)
    .serializer((value: unknown) => JSON.stringify(value))
    .type('application/problem+json; charset=utf-8')
    .send(problem);
}

function problemOf(error: unknown) {
  const make = (status: number, kind: string, detail: string, retryAfter = RETRY_AFTER) => ({
    status,
    kind,
    detail: detail.replace(/\s+/g, ' ').trim(),
    retryAfter,
  });
  if (error instanceof ServeError)
    return make(error.status, error.kind, error.message, error.retryAfter);
  if (hasZodFastifySchemaValidationErrors(error)) {
    const where = error.validationContext ?? 'request';
    const sentences = error.validation.map(
      ({ instancePath, message }) =>
        `${instancePath.replace(/^\//, '').replaceAll('/', '.') || where}: ${message ?? 'expected another value'}`,
    );
    return make(400, 'invalid-parameters', sentences.join('; '));
  }
  if (isTaggedError(error)) return make(422, 'unusable', error.message);
  const known = error as Partial<FastifyError>; // looked at with care
  if (isFullDisk(error)) return make(503, 'disk-full', 'The disk of the server is full.', 60);
  if (known.statusCode !== undefined && known.statusCode < 500)
    return make(
      known.statusCode,
      KINDS[known.code ?? ''] ?? 'bad-request',
      known.message ?? 'Bad request',
    );
  if (/multipart|unexpected end of form|malformed part|boundary/i.test(known.message ?? ''))
    return make(400, 'bad-multipart', known.message ?? 'Malformed multipart body');
  if (known.statusCode === 503) return make(503, 'overloaded', known.message ?? 'Overloaded');
  return make(500, 'internal', 'The server failed; the fault is in its log.');
}

function isFullDisk(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && /ENOSPC|SQLITE_FULL/.test(String(error.code))) return true;
  return /database or disk is full/.test(error.message);
}

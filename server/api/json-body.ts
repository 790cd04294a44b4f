/** Bodies as JSON: what no schema should have to think of is refused here, for every route, naming the place. */
import type { FastifyInstance } from 'fastify';
import { Problem } from '../problems.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it came, of routes that are signed; null elsewhere. */
    rawBody: Buffer | null;
  }
}

/** Levels of arrays and objects in each other; what people send has five. */
const deepestNesting = 32;

export function registerJsonBody(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.decorateRequest('rawBody', null);
  // Text is no form of anything here.
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, raw, done) => {
    const bytes = Buffer.isBuffer(raw) ? raw : Buffer.from(raw);
    if (request.routeOptions.config.isSigned === true) request.rawBody = bytes;
    // A DELETE that says JSON and sends nothing says nothing.
    if (bytes.length === 0 && request.method === 'DELETE') {
      done(null, undefined);
      return;
    }
    void parse(request, bytes.toString('utf8'), (error, body: unknown) => {
      // To a schema, null would look like no body at all.
      if (error === null && body === null) done(new Problem(400, 'The body is null: leave it out instead.'));
      else done(error, body);
    });
  });
  // Forms hold odd texts as well, and so do addresses.
  app.addHook('preValidation', async ({ params, query, body }) => {
    for (const part of [params, query, body]) refuseOddValues(part, '', 0);
    return Promise.resolve();
  });
}

/** @throws Problem 400 for nesting too deep, numbers past a double, and texts that Postgres cannot hold */
function refuseOddValues(value: unknown, pointer: string, depth: number): void {
  if (typeof value === 'number' && !Number.isFinite(value)) refuse(pointer, 'is not a finite number');
  if (typeof value === 'string') refuseOddText(value, pointer);
  if (typeof value !== 'object' || value === null) return;
  if (depth >= deepestNesting) refuse(pointer, `is nested deeper than ${deepestNesting} levels`);
  for (const [key, inner] of Object.entries(value)) {
    refuseOddText(key, pointer);
    refuseOddValues(inner, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, depth + 1);
  }
}

function refuseOddText(text: string, pointer: string): void {
  if (text.includes('\0')) refuse(pointer, 'holds a NUL character');
  if (/\p{Surrogate}/u.test(text)) refuse(pointer, 'holds half of a surrogate pair');
}

function refuse(pointer: string, detail: string): never {
  const where = pointer.length > 200 ? `${pointer.slice(0, 200)}…` : pointer;
  throw new Problem(400, `${where === '' ? 'The body' : `${where}:`} ${detail}.`, [
    { pointer: where, detail },
  ]);
}

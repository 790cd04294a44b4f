/** The API's description, made from the very schemas that read requests and write answers. */
import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import { jsonSchemaTransform, jsonSchemaTransformObject } from '@fastify/type-provider-zod';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { docsPath } from '../access/authentication.js';

/** Only routes with `tags` are in it: pages are no part of the API. */
export async function registerOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Tidemark', version: '1.0.0', description },
      components: {
        securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key, `tmk_…`.' } },
      },
      security: [{ key: [] }],
    },
    transform: (document) => {
      const { schema, url } = jsonSchemaTransform(document);
      // A route without a schema comes here, too.
      const body = (document.schema as { body?: unknown } | undefined)?.body;
      const told = {
        [scopeField]: document.route.config?.scope,
        [optionalBodyField]:
          body instanceof z.ZodType && body.safeParse(undefined).success ? true : undefined,
      };
      return { schema: { ...schema, ...told }, url };
    },
    transformObject: (document) =>
      withoutUnused(withConventions(jsonSchemaTransformObject(document) as unknown as ApiDocument)) as object,
    hideUntagged: true,
  });
  await app.register(fastifySwaggerUi, {
    routePrefix: docsPath,
    theme: { title: 'Tidemark: the HTTP API' },
    // Swagger UI sets style attributes; nothing is asked of another host, and no script stands in the page.
    staticCSP: {
      'default-src': "'none'",
      'script-src': "'self'",
      // Its script adds one style sheet of its own.
      'style-src': ["'self'", "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='"],
      'style-src-attr': "'unsafe-inline'",
      'img-src': ["'self'", 'data:'],
      'connect-src': "'self'",
      'frame-ancestors': "'none'",
      'base-uri': "'none'",
    },
  });
}

const description = `What each release gained on each platform, and what follows from it.

Times are RFC 3339 in UTC, ranges half-open, fields snake_case. A success is \`{data}\`, a list also \`next_cursor\` while there is more; send it back as \`cursor\`. Failures are problems after RFC 9457 with a \`request_id\` that stands in the program's log.

Readings carry an ETag: with \`If-None-Match\` an unchanged one is answered 304. A write that is sent again under the same \`Idempotency-Key\` within a day is done once, and answered as it was the first time; with another body it is answered 409. Where the answer was lost with the server's process, the key is free again after ten minutes, and the request that comes then is answered with the run that it began before: with its backfill, export, import, analysis or trigger of a schedule, and begins no second one.

A key is sent as \`Authorization: Bearer tmk_…\`; on loopback with HTTP_AUTH=none nobody asks for one.`;

const scopeField = 'x-tidemark-scope';
const optionalBodyField = 'x-tidemark-optional-body';

interface ApiOperation {
  description?: string;
  parameters?: object[];
  requestBody?: { required?: boolean };
  responses: Record<string, { description: string; content?: Record<string, unknown> }>;
  [scopeField]?: string;
  [optionalBodyField]?: boolean;
}

interface ApiDocument {
  paths: Record<string, Record<string, ApiOperation>>;
  components: { schemas: Record<string, unknown> };
}

const methods = ['get', 'post', 'put', 'patch', 'delete'];
const told: Readonly<Record<string, string>> = {
  200: 'As asked.',
  201: 'Made.',
  202: 'Started; the answer tells where it goes on.',
  204: 'Done.',
  '4XX': 'Refused; the problem says why and what mends it.',
  '5XX': 'Not to be had at the moment, or a defect.',
};

const idempotencyKey = {
  in: 'header',
  name: 'Idempotency-Key',
  required: false,
  description:
    'A text of the caller’s own, such as a UUID, of 1 to 200 printable characters without spaces: under it the request is done once.',
  schema: { type: 'string' },
};

/** What every route has without saying so. */
function withConventions(document: ApiDocument): ApiDocument {
  for (const operations of Object.values(document.paths))
    for (const [method, operation] of Object.entries(operations))
      if (methods.includes(method)) addConventions(method, operation);
  return document;
}

function addConventions(method: string, operation: ApiOperation): void {
  const scope = operation[scopeField] ?? 'public';
  const asks = scope === 'public' ? '' : `Takes the scope \`${scope}\`.`;
  operation.description = [operation.description, asks].filter(Boolean).join(' ');
  if (method === 'post' && !['public', 'read'].includes(scope))
    operation.parameters = [...(operation.parameters ?? []), idempotencyKey];
  if (operation[optionalBodyField] === true && operation.requestBody !== undefined)
    operation.requestBody.required = false;
  delete operation['x-tidemark-optional-body'];
  for (const [status, response] of Object.entries(operation.responses)) {
    if (response.description === 'Default Response') response.description = told[status] ?? 'As asked.';
    // A route that answers with a file tells the file's types of its problems as well.
    const json = Object.values(response.content ?? {})[0];
    if (/^[45]/.test(status) && json !== undefined) response.content = { 'application/problem+json': json };
  }
  if (method === 'get') operation.responses['304'] = { description: 'As it was, by If-None-Match.' };
}

const referenceStart = '#/components/schemas/';

/**
 * Every schema comes in two forms, for requests and for answers; those that nothing refers to are left out, and one
 * that is only sent loses the ending that tells the two apart.
 */
function withoutUnused(document: ApiDocument): ApiDocument {
  const { schemas } = document.components;
  const used = new Set<string>();
  const visit = (part: unknown): void => {
    for (const [, name] of JSON.stringify(part ?? null).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (name === undefined || used.has(name)) continue;
      used.add(name);
      visit(schemas[name]);
    }
  };
  visit(document.paths);
  const nameOf = (name: string): string => {
    const bare = name.replace(/Input$/, '');
    return used.has(bare) ? name : bare;
  };
  let text = JSON.stringify({
    ...document,
    components: {
      ...document.components,
      schemas: Object.fromEntries([...used].sort().map((name) => [nameOf(name), schemas[name]] as const)),
    },
  });
  for (const name of used)
    text = text.replaceAll(`"${referenceStart}${name}"`, `"${referenceStart}${nameOf(name)}"`);
  return JSON.parse(text) as ApiDocument;
}

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { createKey } from '../../../services/access-keys.js';
import { listApiKeys, revokeApiKey, scopes, type ApiKey } from '../../../store/api-keys.js';
import { principalOfRequest, servicesOf } from '../../access/authentication.js';
import type { ServerDependencies } from '../../dependencies.js';
import { listCursor, pageQuery } from '../cursor.js';
import { envelope, pageOf, problems, zodRoutes } from '../route.js';
import { instant } from '../schemas/fields.js';
import { instantField, nameField, pathId } from './fields.js';
import { requireWholeView } from './whole-view.js';

const keySchema = z
  .object({
    id: z.int(),
    name: z.string(),
    prefix: z.string().describe('What of the key may be shown.'),
    scopes: z.array(z.enum(scopes)),
    artist_ids: z.array(z.int()).nullable().describe('Null: every artist.'),
    expires_at: instant.nullable(),
    revoked_at: instant.nullable(),
    created_at: instant,
    created_by: z.string().nullable(),
  })
  .meta({ id: 'ApiKey' });
const cursor = listCursor('keys', z.tuple([z.int()]));

export function registerKeys(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  const tags = ['administration'];
  routes.get(
    '/api/v1/keys',
    {
      config: { scope: 'admin' },
      schema: {
        tags,
        summary: 'Keys of the API',
        description: 'In order of id, revoked and expired ones included. Takes a key of every artist.',
        querystring: z.strictObject(pageQuery(100)),
        response: { 200: pageOf(keySchema), ...problems },
      },
    },
    async (request) => {
      requireWholeView(request, 'The list of keys');
      const { limit, cursor: told } = request.query;
      const afterId = cursor.read(told)?.[0] ?? null;
      const keys = await listApiKeys(servicesOf(request, deps).pool, { afterId, limit: limit + 1 });
      return cursor.page(keys.map(toldKey), limit, ({ id }) => [id]);
    },
  );
  routes.post(
    '/api/v1/keys',
    {
      // Kept for a repetition, the answer would hold the key in the clear.
      config: { scope: 'admin', isAnsweredOnce: true },
      schema: {
        tags,
        summary: 'Create a key',
        description:
          'The key itself is told this once and kept as a hash alone; so an Idempotency-Key is of no effect here.',
        body: z.strictObject({
          name: nameField.describe('Who uses it.'),
          scopes: z.array(z.enum(scopes)).min(1).max(scopes.length),
          artist_ids: z
            .array(z.int().min(1).max(2_147_483_647))
            .min(1)
            .max(1_000)
            .optional()
            .describe('The artists that it is limited to; every one unless told.'),
          expires_at: instantField.optional().describe('In the future; never unless told.'),
        }),
        response: { 201: envelope(z.object({ key: z.string(), kept: keySchema })), ...problems },
      },
    },
    async (request, reply) => {
      requireWholeView(request, 'Creating keys');
      const { name, scopes: told, artist_ids, expires_at } = request.body;
      const { key, kept } = await createKey(
        servicesOf(request, deps).pool,
        {
          ...{ name, scopes: told, artistIds: artist_ids, createdBy: principalOfRequest(request).actor },
          expiresAt: expires_at === undefined ? undefined : new Date(expires_at),
        },
        deps.clock,
      );
      void reply.code(201).header('cache-control', 'no-store');
      return { data: { key, kept: toldKey(kept) } };
    },
  );
  routes.delete(
    '/api/v1/keys/:id',
    {
      config: { scope: 'admin' },
      schema: {
        tags,
        summary: 'Revoke a key',
        description: 'At once, with the sessions that it opened; it stays in the list.',
        params: pathId,
        response: { 200: envelope(keySchema), ...problems },
      },
    },
    async (request) => {
      requireWholeView(request, 'Revoking keys');
      const { pool } = servicesOf(request, deps);
      return { data: toldKey(await revokeApiKey(pool, request.params.id, deps.clock.now())) };
    },
  );
}

function toldKey(key: ApiKey): z.infer<typeof keySchema> {
  const { id, name, prefix, scopes: granted, artistIds, createdBy } = key;
  return {
    ...{ id, name, prefix, scopes: granted, artist_ids: artistIds, created_by: createdBy },
    expires_at: key.expiresAt?.toISOString() ?? null,
    revoked_at: key.revokedAt?.toISOString() ?? null,
    created_at: key.createdAt.toISOString(),
  };
}

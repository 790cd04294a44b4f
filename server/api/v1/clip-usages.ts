import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { listClipUsages } from '../../../store/listings/clip-usages.js';
import { servicesOf } from '../../access/authentication.js';
import type { ServerDependencies } from '../../dependencies.js';
import { listCursor, pageQuery } from '../cursor.js';
import { envelope, pageOf, problems, zodRoutes } from '../route.js';
import { instant } from '../schemas/fields.js';
import { idField, longId, nameField } from './fields.js';

const usageSchema = z
  .object({
    id: z.string(),
    source_name: z.string(),
    clip_id: z.string(),
    release_id: z.int(),
    used_at: instant,
  })
  .meta({ id: 'ClipUsage' });
const cursor = listCursor('clip-usages', z.tuple([longId]));

export function registerClipUsages(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  const tags = ['stock sources'];
  routes.get(
    '/api/v1/clip-usages',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Clips that releases used',
        description: 'The latest logged first.',
        querystring: z.strictObject({
          ...pageQuery(100),
          source_name: nameField.optional(),
          release_id: idField().optional(),
          artist_id: idField().optional(),
        }),
        response: { 200: pageOf(usageSchema), ...problems },
      },
    },
    async (request) => {
      const { limit, cursor: told, source_name, release_id, artist_id } = request.query;
      const { pool } = servicesOf(request, deps);
      const rows = await listClipUsages(pool, {
        sourceName: source_name ?? null,
        releaseId: release_id ?? null,
        artistId: artist_id ?? null,
        beforeId: cursor.read(told)?.[0] ?? null,
        limit: limit + 1,
      });
      const page = cursor.page(rows, limit, ({ id }) => [id]);
      const data = page.data.map(({ id, sourceName, clipId, releaseId, usedAt }) => ({
        ...{ id, source_name: sourceName, clip_id: clipId, release_id: releaseId },
        used_at: usedAt.toISOString(),
      }));
      return { ...page, data };
    },
  );
  routes.post(
    '/api/v1/clip-usages',
    {
      config: { scope: 'write' },
      schema: {
        tags,
        summary: 'Note that a release used a clip of a source',
        description: 'Noting it again changes nothing.',
        body: z.strictObject({
          source_name: nameField,
          clip_id: nameField,
          release_id: z.int().min(1).max(2_147_483_647),
        }),
        response: { 201: envelope(z.object({ logged: z.literal(true) })), ...problems },
      },
    },
    async (request, reply) => {
      const { source_name, clip_id, release_id } = request.body;
      await servicesOf(request, deps).stock.logClipUsage(source_name, clip_id, release_id);
      void reply.code(201);
      return { data: { logged: true as const } };
    },
  );
}

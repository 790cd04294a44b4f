import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { listContents, type ListedContent } from '../../../store/listings/contents.js';
import { servicesOf } from '../../access/authentication.js';
import type { ServerDependencies } from '../../dependencies.js';
import { listCursor, pageQuery, truthInQuery } from '../cursor.js';
import { pageOf, problems, zodRoutes } from '../route.js';
import { contentIdField, instant, platformField } from '../schemas/fields.js';
import { idField } from './fields.js';

const contentSchema = z
  .object({
    content_id: z.string(),
    platform: z.string(),
    external_id: z.string().nullable().describe('The platform’s own id.'),
    kind: z.string(),
    release_id: z.int().nullable().describe('Null while it waits to be linked.'),
    artist_id: z.int().nullable(),
    is_primary: z.boolean(),
    title: z.string().nullable(),
    published_at: instant.nullable(),
    duration_seconds: z.number().nullable(),
    format: z.string().nullable(),
    language: z.string().nullable(),
    tags: z.array(z.string()).nullable(),
  })
  .meta({ id: 'Content', description: 'A release’s presence on one platform.' });
const cursor = listCursor('contents', z.tuple([z.int()]));

export function registerContents(app: FastifyInstance, deps: ServerDependencies): void {
  zodRoutes(app).get(
    '/api/v1/contents',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['releases'],
        summary: 'Contents',
        description:
          'In the order in which they became known. Unlinked ones are shown to keys of every artist.',
        querystring: z.strictObject({
          ...pageQuery(100),
          artist_id: idField().optional(),
          release_id: idField().optional(),
          platform: platformField.optional(),
          content_id: contentIdField.optional(),
          linked: truthInQuery().optional().describe('False finds those that wait for a release.'),
        }),
        response: { 200: pageOf(contentSchema), ...problems },
      },
    },
    async (request) => {
      const { limit, cursor: told, artist_id, release_id, platform, content_id, linked } = request.query;
      const { pool } = servicesOf(request, deps);
      const [afterId] = cursor.read(told) ?? [null];
      const rows = await listContents(pool, {
        artistId: artist_id ?? null,
        releaseId: release_id ?? null,
        platform: platform ?? null,
        linked: linked ?? null,
        name: content_id ?? null,
        afterId,
        limit: limit + 1,
      });
      const page = cursor.page(rows, limit, ({ id }) => [id]);
      return { ...page, data: page.data.map(toldContent) };
    },
  );
}

function toldContent(content: ListedContent): z.infer<typeof contentSchema> {
  const { contentKey, platform, kind, title, format, language, tags } = content;
  return {
    ...{ content_id: contentKey, platform, external_id: content.externalId, kind },
    ...{ release_id: content.releaseId, artist_id: content.artistId, is_primary: content.isPrimary, title },
    published_at: content.publishedAt?.toISOString() ?? null,
    ...{ duration_seconds: content.durationSeconds, format, language, tags },
  };
}

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { listReleases, showRelease, type Release } from '../../../store/releases.js';
import { servicesOf } from '../../access/authentication.js';
import type { ServerDependencies } from '../../dependencies.js';
import { listCursor, pageQuery } from '../cursor.js';
import { envelope, pageOf, problems, zodRoutes } from '../route.js';
import { instant, isoDay } from '../schemas/fields.js';
import { idField, pathId } from './fields.js';

const states = ['draft', 'approved', 'withdrawn'] as const;
const release = {
  id: z.int(),
  artist_id: z.int(),
  title: z.string(),
  state: z.enum(states),
  format: z.string().nullable(),
  released_on: isoDay.nullable(),
  language: z.string().nullable(),
  tags: z.array(z.string()).nullable(),
  attributes: z.record(z.string(), z.unknown()).describe('What the team notes about it.'),
};
const releaseSchema = z.object(release).meta({ id: 'Release' });
const shownSchema = z
  .object({
    ...release,
    contents: z.array(
      z.object({
        content_id: z.string(),
        platform: z.string(),
        title: z.string().nullable(),
        published_at: instant.nullable(),
        is_primary: z.boolean().describe('Values told for release and platform alone belong to it.'),
      }),
    ),
  })
  .meta({ id: 'ShownRelease' });
const cursor = listCursor('releases', z.tuple([z.int()]));

export function registerReleases(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  routes.get(
    '/api/v1/releases',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['releases'],
        summary: 'Releases',
        description: 'In order of id.',
        querystring: z.strictObject({
          ...pageQuery(100),
          artist_id: idField().optional(),
          state: z.enum(states).optional(),
        }),
        response: { 200: pageOf(releaseSchema), ...problems },
      },
    },
    async (request) => {
      const { limit, cursor: told, artist_id, state } = request.query;
      const { pool } = servicesOf(request, deps);
      const [afterId] = cursor.read(told) ?? [0];
      const rows = await listReleases(pool, {
        ...(artist_id === undefined ? {} : { artistId: artist_id }),
        ...(state === undefined ? {} : { state }),
        afterId,
        limit: limit + 1,
      });
      return cursor.page(rows.map(toldRelease), limit, ({ id }) => [id]);
    },
  );
  routes.get(
    '/api/v1/releases/:id',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['releases'],
        summary: 'A release with its contents',
        description: 'The contents in order of platform, primary ones first.',
        params: pathId,
        response: { 200: envelope(shownSchema), ...problems },
      },
    },
    async (request) => {
      const { pool } = servicesOf(request, deps);
      const { contents, ...found } = await showRelease(pool, request.params.id);
      return {
        data: {
          ...toldRelease(found),
          contents: contents.map(({ contentKey, platform, title, publishedAt, isPrimary }) => ({
            content_id: contentKey,
            platform,
            title,
            published_at: publishedAt?.toISOString() ?? null,
            is_primary: isPrimary,
          })),
        },
      };
    },
  );
}

function toldRelease({ artistId, releasedOn, ...told }: Release): z.infer<typeof releaseSchema> {
  return { ...told, artist_id: artistId, released_on: releasedOn };
}

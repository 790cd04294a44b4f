import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  addAnnotation,
  listAnnotations,
  removeAnnotation,
  type ListedAnnotation,
} from '../../../store/annotations.js';
import { showRelease } from '../../../store/releases.js';
import { servicesOf } from '../../access/authentication.js';
import type { ServerDependencies } from '../../dependencies.js';
import { Problem } from '../../problems.js';
import { listCursor, pageQuery } from '../cursor.js';
import { envelope, pageOf, problems, zodRoutes } from '../route.js';
import { instant, platformField } from '../schemas/fields.js';
import { dateOf, idField, instantField, longId, noteField, pathLongId } from './fields.js';

const annotationSchema = z
  .object({
    id: z.string(),
    artist_id: z.int().nullable(),
    release_id: z.int().nullable().describe('Null: of the artist as a whole, or of everything.'),
    platform: z.string().nullable(),
    at: instant,
    text: z.string(),
    created_at: instant,
  })
  .meta({ id: 'Annotation', description: 'A note on a moment, for whoever reads a chart.' });
const cursor = listCursor('annotations', z.tuple([z.iso.datetime(), longId]));
const whole = z.int().min(1).max(2_147_483_647);

export function registerAnnotations(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  const tags = ['annotations'];
  routes.get(
    '/api/v1/annotations',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Annotations',
        description:
          'The latest moment first. Of a release, also those of its artist as a whole; of a platform, also those of every one. The range is half-open.',
        querystring: z.strictObject({
          ...pageQuery(100),
          artist_id: idField().optional(),
          release_id: idField().optional(),
          platform: platformField.optional(),
          from: instantField.optional(),
          to: instantField.optional().describe('Exclusive.'),
        }),
        response: { 200: pageOf(annotationSchema), ...problems },
      },
    },
    async (request) => {
      const { limit, cursor: told, artist_id, release_id, platform, from, to } = request.query;
      const after = cursor.read(told);
      const rows = await listAnnotations(servicesOf(request, deps).pool, {
        ...{ artistId: artist_id, releaseId: release_id, platform },
        from: dateOf(from) ?? undefined,
        to: dateOf(to) ?? undefined,
        after: after === null ? undefined : { at: new Date(after[0]), id: after[1] },
        limit: limit + 1,
      });
      return cursor.page(rows.map(toldAnnotation), limit, ({ at, id }) => [at, id]);
    },
  );
  routes.post(
    '/api/v1/annotations',
    {
      config: { scope: 'write' },
      schema: {
        tags,
        summary: 'Annotate a moment',
        description:
          'Of a release, of an artist, or, where neither is told, of everything, which takes a key of every artist.',
        body: z.strictObject({
          text: noteField,
          at: instantField,
          artist_id: whole.optional(),
          release_id: whole.optional(),
          platform: platformField.optional(),
        }),
        response: { 201: envelope(annotationSchema), ...problems },
      },
    },
    async (request, reply) => {
      const { text, at, artist_id, release_id, platform } = request.body;
      const { pool } = servicesOf(request, deps);
      // A release that is not to be seen is not found, rather than refused.
      if (release_id !== undefined) await showRelease(pool, release_id);
      const added = await addAnnotation(pool, {
        artistId: artist_id ?? null,
        releaseId: release_id ?? null,
        platform: platform ?? null,
        at: new Date(at),
        text,
      });
      void reply.code(201);
      return { data: toldAnnotation(added) };
    },
  );
  routes.delete(
    '/api/v1/annotations/:id',
    {
      config: { scope: 'write' },
      schema: {
        tags,
        summary: 'Remove an annotation',
        description: 'For good.',
        params: pathLongId,
        response: { 200: envelope(z.object({ removed: z.literal(true) })), ...problems },
      },
    },
    async (request) => {
      const { id } = request.params;
      const removed = await removeAnnotation(servicesOf(request, deps).pool, id);
      if (removed === null) throw new Problem(404, `There is no annotation ${id}.`);
      return { data: { removed: true as const } };
    },
  );
}

function toldAnnotation({ at, created_at, ...told }: ListedAnnotation): z.infer<typeof annotationSchema> {
  return { ...told, at: at.toISOString(), created_at: created_at.toISOString() };
}

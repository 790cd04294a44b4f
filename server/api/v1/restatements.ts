import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  listRestatements,
  restatementKinds,
  type Restatement,
} from '../../../store/listings/restatements.js';
import { servicesOf } from '../../access/authentication.js';
import type { ServerDependencies } from '../../dependencies.js';
import { listCursor, pageQuery } from '../cursor.js';
import { pageOf, problems, zodRoutes } from '../route.js';
import { contentIdField, instant, isoDay, metricNameField, platformField } from '../schemas/fields.js';
import { dateOf, idField, instantField, longId } from './fields.js';

const restatementSchema = z
  .object({
    id: z.string(),
    content_id: z.string(),
    title: z.string().nullable(),
    platform: z.string(),
    release_id: z.int().nullable(),
    grain: z.enum(['instant', 'day']),
    recorded_at: instant.nullable().describe('Of an instant.'),
    day: isoDay.nullable().describe('Of a day.'),
    source: z.string(),
    metric: z.string(),
    kind: z.enum(restatementKinds).describe('`correction`: a counter fell, as its platform told it.'),
    old_value: z.number().nullable(),
    new_value: z.number().nullable(),
    learnt_at: instant,
    run_id: z.string().nullable(),
  })
  .meta({ id: 'Restatement', description: 'A value that was known and then changed.' });
const cursor = listCursor('restatements', z.tuple([longId]));

export function registerRestatements(app: FastifyInstance, deps: ServerDependencies): void {
  zodRoutes(app).get(
    '/api/v1/restatements',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['collection'],
        summary: 'Values that changed after they were known',
        description: 'The latest learnt first. The range, of when it was learnt, is half-open.',
        querystring: z.strictObject({
          ...pageQuery(100),
          artist_id: idField().optional(),
          release_id: idField().optional(),
          content_id: contentIdField.optional().describe('A content by our key.'),
          platform: platformField.optional(),
          metric: metricNameField.optional(),
          kind: z.enum(restatementKinds).optional(),
          from: instantField.optional(),
          to: instantField.optional().describe('Exclusive.'),
        }),
        response: { 200: pageOf(restatementSchema), ...problems },
      },
    },
    async (request) => {
      const { limit, cursor: told, ...filter } = request.query;
      const rows = await listRestatements(servicesOf(request, deps).pool, {
        artistId: filter.artist_id ?? null,
        releaseId: filter.release_id ?? null,
        contentKey: filter.content_id ?? null,
        content: null,
        platform: filter.platform ?? null,
        metric: filter.metric ?? null,
        kind: filter.kind ?? null,
        from: dateOf(filter.from),
        to: dateOf(filter.to),
        beforeId: cursor.read(told)?.[0] ?? null,
        limit: limit + 1,
      });
      return cursor.page(rows.map(toldRestatement), limit, ({ id }) => [id]);
    },
  );
}

function toldRestatement(row: Restatement): z.infer<typeof restatementSchema> {
  const { id, title, platform, grain, day, source, metric, kind } = row;
  return {
    ...{ id, content_id: row.contentKey, title, platform, release_id: row.releaseId, grain },
    recorded_at: row.recordedAt?.toISOString() ?? null,
    ...{ day, source, metric, kind, old_value: row.oldValue, new_value: row.newValue },
    ...{ learnt_at: row.learntAt.toISOString(), run_id: row.runId },
  };
}

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { listAnomalies, type ListedAnomaly } from '../../../store/listings/anomalies.js';
import { servicesOf } from '../../access/authentication.js';
import type { ServerDependencies } from '../../dependencies.js';
import { listCursor, pageQuery, truthInQuery } from '../cursor.js';
import { pageOf, problems, zodRoutes } from '../route.js';
import { contentIdField, instant, isoDay, metricNameField, platformField } from '../schemas/fields.js';
import { dayField, idField, longId } from './fields.js';

const kinds = ['spike', 'drop', 'level', 'silence'] as const;
const anomalySchema = z
  .object({
    id: z.string(),
    content_id: z.string(),
    title: z.string().nullable(),
    release_id: z.int().nullable(),
    artist_id: z.int().nullable(),
    platform: z.string(),
    metric: z.string(),
    day: isoDay,
    kind: z.enum(kinds),
    direction: z.enum(['up', 'down']),
    value: z.number().nullable().describe('Null where the day has none of its own.'),
    expected: z.number(),
    lower: z.number(),
    upper: z.number(),
    span_days: z.int().describe('Days up to `day` that value and range are means of.'),
    score: z.number(),
    shared: z.boolean().describe('Most of the artist’s series on the platform moved that day.'),
    method: z.string(),
    method_version: z.string(),
    run_id: z.string().nullable(),
    found_at: instant,
  })
  .meta({ id: 'Anomaly', description: 'A day outside its expected range.' });
const cursor = listCursor('anomalies', z.tuple([z.iso.date(), longId]));

export function registerAnomalies(app: FastifyInstance, deps: ServerDependencies): void {
  zodRoutes(app).get(
    '/api/v1/anomalies',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['findings'],
        summary: 'Anomalies',
        description: 'The latest day first; the range of days is half-open.',
        querystring: z.strictObject({
          ...pageQuery(100),
          artist_id: idField().optional(),
          release_id: idField().optional(),
          content_id: contentIdField.optional().describe('A content by our key.'),
          platform: platformField.optional(),
          metric: metricNameField.optional(),
          kind: z.enum(kinds).optional(),
          from: dayField.optional(),
          to: dayField.optional().describe('Exclusive.'),
          shared: truthInQuery()
            .default(true)
            .describe('False leaves out what most of the artist’s series did too.'),
        }),
        response: { 200: pageOf(anomalySchema), ...problems },
      },
    },
    async (request) => {
      const { limit, cursor: told, ...filter } = request.query;
      const rows = await listAnomalies(servicesOf(request, deps).pool, {
        artistId: filter.artist_id ?? null,
        releaseId: filter.release_id ?? null,
        contentKey: filter.content_id ?? null,
        platform: filter.platform ?? null,
        metric: filter.metric ?? null,
        kind: filter.kind ?? null,
        from: filter.from ?? null,
        to: filter.to ?? null,
        withShared: filter.shared,
        after: cursor.read(told),
        limit: limit + 1,
      });
      const page = cursor.page(rows, limit, ({ day, id }) => [day, id]);
      return { ...page, data: page.data.map(toldAnomaly) };
    },
  );
}

function toldAnomaly(found: ListedAnomaly): z.infer<typeof anomalySchema> {
  const { id, title, platform, metric, day, kind, direction, value, expected, lower, upper, score } = found;
  return {
    ...{ id, content_id: found.contentKey, title, release_id: found.releaseId, artist_id: found.artistId },
    ...{
      platform,
      metric,
      day,
      kind,
      direction,
      value,
      expected,
      lower,
      upper,
      span_days: found.span,
      score,
    },
    ...{ shared: found.shared, method: found.method, method_version: found.methodVersion },
    ...{ run_id: found.runId, found_at: found.foundAt.toISOString() },
  };
}

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { listPerformanceRecords, type PlacedRecord } from '../../../store/listings/performance-records.js';
import { servicesOf } from '../../access/authentication.js';
import type { ServerDependencies } from '../../dependencies.js';
import { listCursor, pageQuery } from '../cursor.js';
import { envelope, pageOf, problems, zodRoutes } from '../route.js';
import { contentIdField, instant, metricNameField, platformField } from '../schemas/fields.js';
import { dateOf, idField, instantField } from './fields.js';

const recordSchema = z
  .object({
    release_id: z.int().nullable(),
    platform: z.string(),
    metric_name: z.string(),
    metric_value: z.number(),
    recorded_at: instant,
    content_id: z.string(),
    grain: z.enum(['instant', 'day']),
    source: z.enum(['manual', 'reported', 'imported', 'derived']),
    artist_id: z.int().nullable(),
  })
  .meta({
    id: 'PerformanceRecord',
    description: 'An effective value: of an instant, or of a day (its close as `<metric>_close`).',
  });
const cursor = listCursor('performance-records', z.tuple([z.int(), z.string(), z.string(), z.string()]));

export function registerPerformanceRecords(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  const tags = ['performance'];
  routes.get(
    '/api/v1/performance-records',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Values as they are known',
        description: 'Content by content, each in order of time. The range of instants is half-open.',
        querystring: z.strictObject({
          ...pageQuery(200, 1_000),
          artist_id: idField().optional(),
          release_id: idField().optional(),
          content_id: contentIdField.optional().describe('A content by our key.'),
          platform: platformField.optional(),
          metric_name: metricNameField.optional(),
          start_date: instantField.optional(),
          end_date: instantField.optional().describe('Exclusive.'),
        }),
        response: { 200: pageOf(recordSchema), ...problems },
      },
    },
    async (request) => {
      const { limit, cursor: told, ...filter } = request.query;
      const { pool } = servicesOf(request, deps);
      const rows = await listPerformanceRecords(pool, {
        artistId: filter.artist_id ?? null,
        releaseId: filter.release_id ?? null,
        contentKey: filter.content_id ?? null,
        platform: filter.platform ?? null,
        metric: filter.metric_name ?? null,
        from: dateOf(filter.start_date),
        to: dateOf(filter.end_date),
        after: cursor.read(told),
        limit: limit + 1,
      });
      const page = cursor.page(rows, limit, ({ position }) => position);
      const data = page.data.map(toldRecord);
      return { ...page, data };
    },
  );
  routes.post(
    '/api/v1/performance-records',
    {
      config: { scope: 'write' },
      schema: {
        tags,
        summary: 'Record a value of a release',
        description:
          'A manual value, which outranks collected ones. The same value again changes nothing; another one of the same instant replaces it and leaves a restatement. The release has to be approved.',
        body: z.strictObject({
          release_id: z.int().min(1).max(2_147_483_647),
          platform: platformField,
          metric_name: metricNameField,
          metric_value: z.number(),
          recorded_at: instantField.optional().describe('Now unless told.'),
        }),
        response: { 201: envelope(z.object({ recorded: z.boolean() })), ...problems },
      },
    },
    async (request, reply) => {
      const { release_id, platform, metric_name, metric_value, recorded_at } = request.body;
      const { performance } = servicesOf(request, deps);
      const recorded = await performance.insertPerformanceRecord(
        release_id,
        platform,
        metric_name,
        metric_value,
        ...(recorded_at === undefined ? [] : [new Date(recorded_at)]),
      );
      void reply.code(201);
      return { data: { recorded } };
    },
  );
}

function toldRecord(record: PlacedRecord): z.infer<typeof recordSchema> {
  const { release_id, platform, metric_name, metric_value, content_id, grain, source, artist_id } = record;
  return {
    ...{ release_id, platform, metric_name, metric_value, recorded_at: record.recorded_at.toISOString() },
    ...{ content_id, grain, source, artist_id },
  };
}

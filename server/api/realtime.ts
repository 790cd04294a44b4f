import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { RealtimeReader } from '../../services/realtime-reader.js';
import { servicesOf } from '../access/authentication.js';
import type { ServerDependencies } from '../dependencies.js';
import { envelope, problems, zodRoutes } from './route.js';
import { contentIdField, instant, platformField } from './schemas/fields.js';
import { engagementSnapshotSchema, platformSchema } from './schemas/models.js';

const age = {
  age_seconds: z.number().describe('From the platform’s own time of the figures until now.'),
  lag_seconds: z.number().describe('From that time until they were learnt.'),
};

const realtimePlatformSchema = z
  .object({
    platform: platformSchema,
    total_content_pieces: z.int(),
    timestamp: instant,
    metrics: z.record(z.string(), z.number()),
    engagement_rate_computed: z.number().nullable(),
    ...age,
  })
  .meta({ id: 'RealtimePlatform' });

/** The latest snapshots, past every cache. */
export function registerRealtime(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  const config = { scope: 'read' } as const;
  const tags = ['realtime'];
  routes.get(
    '/analytics/realtime/metrics/:id',
    {
      config,
      schema: {
        tags,
        summary: 'The latest figures of a content',
        description: 'The last value of each metric, with age and lag. 404 before the first snapshot.',
        params: z.strictObject({ id: contentIdField }),
        response: { 200: envelope(engagementSnapshotSchema.extend(age)), ...problems },
      },
    },
    async (request) => {
      const reader = new RealtimeReader({ ...servicesOf(request, deps), clock: deps.clock });
      return { data: await reader.getContentMetrics(request.params.id) };
    },
  );
  routes.get(
    '/analytics/realtime/platform-metrics/:platform',
    {
      config,
      schema: {
        tags,
        summary: 'The latest figures of a platform',
        description: 'Sums over its contents of the last value of each. 404 before the first snapshot.',
        params: z.strictObject({ platform: platformField }),
        response: { 200: envelope(realtimePlatformSchema), ...problems },
      },
    },
    async (request) => {
      const reader = new RealtimeReader({ ...servicesOf(request, deps), clock: deps.clock });
      return { data: await reader.getPlatformMetrics(request.params.platform) };
    },
  );
}

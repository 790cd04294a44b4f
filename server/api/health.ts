import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ServerDependencies } from '../dependencies.js';
import { servicesOf } from '../access/authentication.js';
import { envelope, problems, zodRoutes } from './route.js';
import { platformSchema } from './schemas/models.js';

const healthSchema = z
  .object({
    status: z.enum(['ok', 'degraded']),
    version: z.string(),
    database: z.object({ connected: z.boolean(), latency_ms: z.number().nullable() }),
  })
  .meta({ id: 'Health' });

const systemStatusSchema = z
  .object({
    database: z.object({
      connected: z.boolean(),
      latency_ms: z.number().nullable(),
      version: z.string().nullable(),
      error: z.string().nullable(),
    }),
    cache: z.object({ size: z.int(), hits: z.int(), misses: z.int(), hit_ratio: z.number() }),
    configuration: z.object({
      supported_platforms: z.array(platformSchema).readonly(),
      min_data_points_for_analysis: z.int(),
      correlation_significance_threshold: z.number(),
      low_performance_threshold: z.number(),
      high_performance_threshold: z.number(),
      cache_ttl_seconds: z.int(),
    }),
  })
  .meta({ id: 'SystemStatus' });

/** Whether the service lives, and whether it can answer. */
export function registerHealth(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  routes.get('/livez', { config: { scope: 'public' } }, () => ({ status: 'ok' }));
  routes.get(
    '/analytics/health',
    {
      config: { scope: 'public' },
      schema: {
        tags: ['system'],
        summary: 'Whether the service can answer',
        description: 'Answers 200 also while the database is away, and says so.',
        security: [],
        response: { 200: envelope(healthSchema), ...problems },
      },
    },
    async () => {
      const { database } = await deps.servicesFor('all').manager.getSystemStatus();
      const { connected, latency_ms } = database;
      return {
        data: {
          status: connected ? ('ok' as const) : ('degraded' as const),
          version: '1.0.0',
          database: { connected, latency_ms },
        },
      };
    },
  );
  routes.get(
    '/analytics/system/status',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['system'],
        summary: 'How the parts are',
        description: 'Database, cache and configuration; a database that does not answer is told as such.',
        response: { 200: envelope(systemStatusSchema), ...problems },
      },
    },
    async (request) => ({ data: await servicesOf(request, deps).manager.getSystemStatus() }),
  );
}

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ServerDependencies } from '../dependencies.js';
import { envelope, problems, zodRoutes } from './route.js';

const healthSchema = z
  .object({
    status: z.enum(['ok', 'degraded']),
    version: z.string(),
    database: z.object({ connected: z.boolean(), latency_ms: z.number().nullable() }),
  })
  .meta({ id: 'Health' });

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
}

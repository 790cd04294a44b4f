import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { servicesOf } from '../access/authentication.js';
import type { ServerDependencies } from '../dependencies.js';
import { wholeInQuery } from './cursor.js';
import { envelope, problems, zodRoutes } from './route.js';
import { dashboardOverviewSchema } from './schemas/dashboard.js';
import { platformField, timeframeField } from './schemas/fields.js';
import { trendingContentSchema } from './schemas/models.js';

export function registerDashboard(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  const config = { scope: 'read' } as const;
  const tags = ['dashboard'];
  routes.get(
    '/analytics/dashboard/overview',
    {
      config,
      schema: {
        tags,
        summary: 'Everything in a timeframe',
        description: 'Counts what was tracked a moment ago.',
        querystring: z.strictObject({ timeframe: timeframeField.default('30d') }),
        response: { 200: envelope(dashboardOverviewSchema), ...problems },
      },
    },
    async (request) => ({
      data: await servicesOf(request, deps).manager.getDashboardOverview(request.query.timeframe),
    }),
  );
  routes.get(
    '/analytics/dashboard/trending',
    {
      config,
      schema: {
        tags,
        summary: 'What grew most',
        description: 'The fastest growing first; contents without a period to compare with come after.',
        querystring: z.strictObject({
          timeframe: timeframeField.default('7d'),
          platform: platformField.optional(),
          limit: wholeInQuery(1, 500).default(10).describe('Contents at most.'),
        }),
        response: { 200: envelope(z.array(trendingContentSchema)), ...problems },
      },
    },
    async (request) => {
      const { timeframe, platform, limit } = request.query;
      const { trendAnalyzer } = servicesOf(request, deps).manager;
      return { data: await trendAnalyzer.getTrendingContent(timeframe, platform, limit) };
    },
  );
}

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { listTrends, type ListedTrend } from '../../../store/listings/trends.js';
import { servicesOf } from '../../access/authentication.js';
import type { ServerDependencies } from '../../dependencies.js';
import { listCursor, pageQuery } from '../cursor.js';
import { pageOf, problems, zodRoutes } from '../route.js';
import { contentIdField, instant, isoDay, metricNameField, platformField } from '../schemas/fields.js';
import { trendAnalysisSchema } from '../schemas/models.js';
import { idField } from './fields.js';

const directions = ['rising', 'falling', 'stable', 'cyclical'] as const;
const trendSchema = z
  .object({
    content_id: z.string(),
    title: z.string().nullable(),
    release_id: z.int().nullable(),
    artist_id: z.int().nullable(),
    platform: z.string(),
    metric: z.string(),
    direction: z.string().nullable(),
    strength: z.string().nullable(),
    slope: z.number().nullable().describe('Per day.'),
    r_squared: z.number().nullable(),
    points: z.int().describe('Days with a value.'),
    period_start: isoDay.nullable(),
    period_end: isoDay.nullable(),
    withheld: z.string().nullable().describe('Why there is no trend; null where there is one.'),
    analysis: trendAnalysisSchema.nullable().describe('On request by `include=analysis`.'),
    backtest: z.record(z.string(), z.unknown()).nullable(),
    method: z.string(),
    method_version: z.string(),
    run_id: z.string(),
    computed_at: instant,
  })
  .meta({ id: 'Trend' });
const cursor = listCursor('trends', z.tuple([z.int(), z.string()]));

export function registerTrends(app: FastifyInstance, deps: ServerDependencies): void {
  zodRoutes(app).get(
    '/api/v1/trends',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['findings'],
        summary: 'Trends',
        description: 'The latest result a content and metric, those without enough data included.',
        querystring: z.strictObject({
          ...pageQuery(50, 200),
          artist_id: idField().optional(),
          release_id: idField().optional(),
          content_id: contentIdField.optional().describe('A content by our key.'),
          platform: platformField.optional(),
          metric: metricNameField.optional(),
          direction: z.enum(directions).optional(),
          include: z.enum(['analysis']).optional(),
        }),
        response: { 200: pageOf(trendSchema), ...problems },
      },
    },
    async (request) => {
      const { limit, cursor: told, ...filter } = request.query;
      const rows = await listTrends(servicesOf(request, deps).pool, {
        artistId: filter.artist_id ?? null,
        releaseId: filter.release_id ?? null,
        contentKey: filter.content_id ?? null,
        platform: filter.platform ?? null,
        metric: filter.metric ?? null,
        direction: filter.direction ?? null,
        withAnalysis: filter.include === 'analysis',
        after: cursor.read(told),
        limit: limit + 1,
      });
      const page = cursor.page(rows, limit, ({ contentId, metric }) => [contentId, metric]);
      return { ...page, data: page.data.map(toldTrend) };
    },
  );
}

function toldTrend(trend: ListedTrend): z.infer<typeof trendSchema> {
  const { title, platform, metric, direction, strength, slope, points, analysis, backtest, method } = trend;
  return {
    ...{ content_id: trend.contentKey, title, release_id: trend.releaseId, artist_id: trend.artistId },
    ...{ platform, metric, direction, strength, slope, r_squared: trend.rSquared, points },
    ...{ period_start: trend.periodStart, period_end: trend.periodEnd, withheld: trend.withheldReason },
    ...{ analysis, backtest, method, method_version: trend.methodVersion, run_id: trend.runId },
    computed_at: trend.computedAt.toISOString(),
  };
}

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { analysisTypes } from '../../services/content-analysis.js';
import { servicesOf } from '../access/authentication.js';
import type { ServerDependencies } from '../dependencies.js';
import { envelope, problems, zodRoutes } from './route.js';
import { comparisonSchema, contentAnalysisSchema, platformAnalyticsSchema } from './schemas/dashboard.js';
import {
  contentIdField,
  contentIdsField,
  metricNameField,
  optionalBody,
  platformField,
  timeframeField,
} from './schemas/fields.js';
import { optimizationInsightSchema } from './schemas/models.js';

/** Analyses that are asked for by a body; they change nothing. */
export function registerAnalyses(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  const config = { scope: 'read' } as const;
  const tags = ['analyses'];
  routes.post(
    '/analytics/content/analyze',
    {
      config,
      schema: {
        tags,
        summary: 'Analyse a content',
        description:
          'Its figures, trends and anomalies, or one of them. 404 for a content that is not known.',
        body: z.strictObject({
          content_id: contentIdField,
          analysis_type: z.enum(analysisTypes).default('comprehensive'),
        }),
        response: { 200: envelope(contentAnalysisSchema), ...problems },
      },
    },
    async (request) => {
      const { content_id, analysis_type } = request.body;
      const { manager } = servicesOf(request, deps);
      return { data: await manager.analyzeContentPerformance(content_id, analysis_type) };
    },
  );
  routes.post(
    '/analytics/content/compare',
    {
      config,
      schema: {
        tags,
        summary: 'Compare contents',
        description:
          'The last value of each metric, beside the trends of the first. `performance_score`, from 0 to 10, is among the metrics.',
        body: z.strictObject({
          content_ids: z.array(contentIdField).min(1).max(50),
          metrics: z.array(metricNameField).min(1).max(20),
        }),
        response: { 200: envelope(comparisonSchema), ...problems },
      },
    },
    async (request) => {
      const { content_ids, metrics } = request.body;
      const { manager } = servicesOf(request, deps);
      return { data: await manager.compareContentPerformance(content_ids, metrics) };
    },
  );
  routes.post(
    '/analytics/platform/insights',
    {
      config,
      schema: {
        tags,
        summary: 'What a platform brought',
        description: 'Totals with those of the period before, what grew most, anomalies and insights.',
        body: z.strictObject({ platform: platformField, timeframe: timeframeField.default('30d') }),
        response: { 200: envelope(platformAnalyticsSchema), ...problems },
      },
    },
    async (request) => {
      const { platform, timeframe } = request.body;
      const { manager } = servicesOf(request, deps);
      return { data: await manager.getPlatformInsights(platform, timeframe) };
    },
  );
  routes.post(
    '/analytics/optimization/recommendations',
    {
      config,
      schema: {
        tags,
        summary: 'What to do next',
        description: 'Insights that ask for attention, the highest rank first. What is not given means all.',
        body: optionalBody({
          platforms: z.array(platformField).min(1).max(10).optional(),
          content_ids: contentIdsField.optional(),
          timeframe: timeframeField.optional().describe('Those found, or found again, in it.'),
          top_n: z.int().min(1).max(1_000).optional().describe('At most so many; 100 unless told.'),
        }),
        response: { 200: envelope(z.array(optimizationInsightSchema)), ...problems },
      },
    },
    async (request) => {
      const { platforms, content_ids, timeframe, top_n } = request.body;
      const { manager } = servicesOf(request, deps);
      const data = await manager.generateOptimizationRecommendations(
        platforms,
        content_ids,
        timeframe,
        top_n,
      );
      return { data };
    },
  );
}

/** What the analyses and the dashboard answer. */
import { z } from 'zod';
import { analysisTypes } from '../../../services/content-analysis.js';
import { instant, isoDay } from './fields.js';
import {
  engagementSnapshotSchema,
  explainedTrendSchema,
  foundAnomalySchema,
  metricSumsSchema,
  optimizationInsightSchema,
  platformSchema,
  timePeriod,
  trendingContentSchema,
} from './models.js';

const figure = z.number().nullable();

const platformOverview = {
  platform: platformSchema,
  content_pieces: z.int(),
  releases: z.int(),
  totals: metricSumsSchema,
  previous_totals: metricSumsSchema.describe('Of the period of the same length before.'),
};

export const dashboardOverviewSchema = z
  .object({
    timeframe: z.string(),
    time_period: timePeriod,
    total_content_pieces: z.int().describe('Contents that were observed in the period.'),
    totals: metricSumsSchema,
    previous_totals: metricSumsSchema,
    platforms: z.array(z.object(platformOverview)),
    trending: z.array(trendingContentSchema),
    anomalies: z.array(foundAnomalySchema),
    insights: z.array(optimizationInsightSchema),
    data_through: isoDay.nullable(),
    collected_at: instant.nullable(),
  })
  .meta({ id: 'DashboardOverview' });

export const platformAnalyticsSchema = z
  .object({
    ...platformOverview,
    timeframe: z.string(),
    time_period: timePeriod,
    top_content: z.array(trendingContentSchema),
    anomalies: z.array(foundAnomalySchema),
    insights: z.array(optimizationInsightSchema),
  })
  .meta({ id: 'PlatformAnalytics' });

const contentSummarySchema = z.object({
  content_id: z.string(),
  platform: platformSchema,
  title: z.string().nullable(),
  latest: engagementSnapshotSchema.nullable(),
  time_period: timePeriod,
  totals: metricSumsSchema,
  previous_totals: metricSumsSchema,
  engagement_rate_computed: figure.describe('(likes + comments + shares) / views of the period.'),
  release_id: z.int().nullable(),
  performance_score: figure.describe('From 0 to 10.'),
  trends: z.array(
    z.object({
      metric_name: z.string(),
      direction: z.string().nullable(),
      strength: z.string().nullable(),
      withheld: z.string().nullable(),
    }),
  ),
  anomalies: z.array(foundAnomalySchema),
  insights: z.array(optimizationInsightSchema),
});

const contentAnomalySchema = z.object({
  content_id: z.string(),
  metric: z.string(),
  day: isoDay,
  value: z.number(),
  expected: z.number(),
  lower: z.number(),
  upper: z.number(),
  score: z.number(),
  kind: z.enum(['spike', 'drop', 'level', 'silence']),
  direction: z.enum(['up', 'down']),
  span: z.int(),
});

export const contentAnalysisSchema = z
  .object({
    content_id: z.string(),
    analysis_type: z.enum(analysisTypes),
    summary: contentSummarySchema.optional(),
    trends: z.array(explainedTrendSchema).optional(),
    anomalies: z.array(contentAnomalySchema).optional(),
  })
  .meta({ id: 'ContentAnalysis' });

export const comparisonSchema = z
  .object({
    contents: z.array(
      z.object({
        content_id: z.string(),
        platform: platformSchema,
        title: z.string().nullable(),
        metrics: z.record(z.string(), figure),
      }),
    ),
    trends: z.array(explainedTrendSchema),
  })
  .meta({ id: 'ContentComparison', description: 'Contents beside each other, in the order asked for.' });

/** What callers receive, as the contract names it: snake_case, `null` for what is not known. */
import { z } from 'zod';
import { platforms } from '../../../contracts/vocabulary.js';
import { summedMetrics } from '../../../store/engagement.js';
import { instant, isoDay } from './fields.js';

const figure = z.number().nullable();
export const platformSchema = z.enum(platforms);
export const timePeriod = z.tuple([z.string(), z.string()]).describe('Start and end; half-open.');

export const metricSumsSchema = z
  .object(
    Object.fromEntries(summedMetrics.map((metric) => [metric, figure])) as Record<
      (typeof summedMetrics)[number],
      typeof figure
    >,
  )
  .meta({ id: 'MetricSums', description: 'What was gained; null where it was never told.' });

export const engagementSnapshotSchema = z
  .object({
    content_id: z.string(),
    platform: z.string(),
    timestamp: instant,
    metrics: z.record(z.string(), z.number()),
    metadata: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'EngagementSnapshot', description: 'The last value of each metric of a content.' });

export const trendPredictionSchema = z
  .object({
    timestamp: z.string(),
    value: z.number(),
    lower_80: z.number(),
    upper_80: z.number(),
    lower_95: z.number(),
    upper_95: z.number(),
  })
  .meta({ id: 'TrendPrediction' });

export const trendAnalysisSchema = z
  .object({
    metric_name: z.string(),
    time_period: timePeriod,
    overall_direction: z.enum(['rising', 'falling', 'stable', 'cyclical']),
    strength: z.enum(['weak', 'moderate', 'strong']),
    trend_points: z.array(z.object({ timestamp: isoDay, value: figure })),
    seasonality_patterns: z.array(
      z.object({
        period: z.string(),
        period_length: z.number(),
        strength: z.number(),
        p_value: z.number(),
        multiplicative: z.boolean(),
        effects: z.array(z.number()),
      }),
    ),
    change_points: z.array(
      z.object({
        timestamp: z.string(),
        kind: z.enum(['level', 'slope', 'variance']),
        before: z.number(),
        after: z.number(),
        size: z.number(),
        relative_size: figure,
        confidence: z.number(),
      }),
    ),
    predictions: z.array(trendPredictionSchema),
    key_insights: z.array(z.string()),
    statistical_metrics: z.record(z.string(), figure),
    launch_decay: z
      .object({ still_in_decay: z.boolean(), half_life_days: figure, until: z.string().nullable() })
      .nullable(),
    method: z.string(),
    method_version: z.string(),
    parameters: z.record(z.string(), figure),
  })
  .meta({ id: 'TrendAnalysis', description: 'Where a metric of a content is heading, by day.' });

export const explainedTrendSchema = z
  .object({
    content_id: z.string(),
    metric_name: z.string(),
    analysis: trendAnalysisSchema.nullable(),
    reason: z.string().nullable().describe('Why there is no analysis; null where there is one.'),
    predictions: z.array(trendPredictionSchema),
  })
  .meta({ id: 'ExplainedTrend' });

export const optimizationInsightSchema = z
  .object({
    insight_type: z.string(),
    priority: z.enum(['low', 'medium', 'high']),
    title: z.string(),
    description: z.string(),
    impact_prediction: z.string(),
    implementation_difficulty: z.string(),
    affected_content: z.array(z.string()),
    data_supporting: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'OptimizationInsight', description: 'What to do, and what stands behind it.' });

export const foundAnomalySchema = z
  .object({
    content_id: z.string(),
    title: z.string().nullable(),
    platform: z.string(),
    metric: z.string(),
    day: isoDay,
    kind: z.enum(['spike', 'drop', 'level', 'silence']),
    direction: z.enum(['up', 'down']),
    value: figure,
    expected: z.number(),
    lower: z.number(),
    upper: z.number(),
    span: z.int(),
    score: z.number(),
    shared: z.boolean(),
    run_id: z.string().nullable(),
  })
  .meta({ id: 'FoundAnomaly', description: 'A day outside its expected range, as an analysis stored it.' });

export const trendingContentSchema = z
  .object({
    content_id: z.string(),
    title: z.string().nullable(),
    platform: platformSchema,
    metric_name: z.string(),
    total: z.number(),
    previous_total: figure,
    growth: figure,
    velocity: z.number().describe('Per day.'),
    direction: z.enum(['rising', 'falling', 'stable', 'cyclical']).nullable(),
    in_launch_decay: z.boolean().nullable(),
  })
  .meta({ id: 'TrendingContent' });

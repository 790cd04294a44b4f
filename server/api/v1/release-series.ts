import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import { z } from 'zod';
import { addDays, dayOf, isZone } from '../../../analytics/calendar.js';
import {
  alignments,
  readComparedSeries,
  seriesComparisons,
  type ComparedSeries,
} from '../../../services/compared-series.js';
import { readReleaseEvents, type ReleaseEvents } from '../../../services/release-events.js';
import {
  readReleaseSeries,
  rememberedMetrics,
  type ReleaseSeries,
  type SeriesQuery,
} from '../../../services/release-series.js';
import { seriesIntervals } from '../../../services/series-buckets.js';
import { showRelease } from '../../../store/releases.js';
import { servicesOf } from '../../access/authentication.js';
import type { ServerDependencies } from '../../dependencies.js';
import { envelope, problems, zodRoutes } from '../route.js';
import { isoDay, metricNameField, platformField } from '../schemas/fields.js';
import { trendPredictionSchema } from '../schemas/models.js';
import { dayField, pathId, wordsInQuery } from './fields.js';

const figure = z.number().nullable();
const pointSchema = z
  .object({
    t: z.string().describe('An ISO day, or an instant by the hour.'),
    value: figure.describe('What was gained, or of gauges and ratios the value itself; null is a gap.'),
    close: figure.describe('Of counters, the total at the point’s end.'),
    complete: z.boolean().describe('False while it may still change, or its time is not over.'),
  })
  .meta({ id: 'SeriesPoint' });
const eventKinds = [
  'spike',
  'drop',
  'level',
  'silence',
  'change_point',
  'definition_change',
  'platform_correction',
  'outage',
  'annotation',
] as const;
const eventSchema = z
  .object({
    kind: z.enum(eventKinds),
    day: isoDay,
    platform: z.string().nullable(),
    text: z.string(),
    value: figure,
    expected: figure,
    lower: figure,
    upper: figure,
    shared: z.boolean().describe('Most of the artist’s series moved alike on that day.'),
    run_id: z.string().nullable().describe('The run that found or collected it.'),
    collected_by: z.string().nullable().describe('The run that brought the value.'),
  })
  .meta({ id: 'SeriesEvent' });
const seriesSchema = z
  .object({
    release_id: z.int(),
    metric: z.string(),
    kind: z.enum(['counter', 'increment', 'gauge', 'ratio', 'unknown']),
    unit: z.string().nullable(),
    adds_up: z.enum(['sum', 'last', 'mean']),
    from: isoDay,
    to: isoDay,
    interval: z.enum(seriesIntervals),
    zone: z.string(),
    series: z.array(
      z.object({ platform: z.string(), points: z.array(pointSchema).max(1_000), total: figure }),
    ),
    all_platforms: z
      .array(pointSchema)
      .max(1_000)
      .describe('Over all of them; empty where values do not add up.'),
    compared: z
      .array(
        z.object({
          platform: z.string(),
          releases: z.int().nullable().describe('Releases behind a typical course; null for a period.'),
          points: z.array(pointSchema).max(1_000),
        }),
      )
      .optional()
      .describe('On the days of the series; with `compare`.'),
    events: z.array(eventSchema).optional().describe('In order of day; with `include`.'),
    forecasts: z
      .array(
        z.object({
          platform: z.string(),
          content_id: z.string(),
          withheld: z.string().nullable().describe('Why there is no trend; null where there is one.'),
          predictions: z.array(trendPredictionSchema),
          backtest: z.record(z.string(), z.unknown()).nullable(),
          run_id: z.string(),
        }),
      )
      .optional()
      .describe('By the day, with bands of 80 and 95 %; with `include=forecast`.'),
  })
  .meta({ id: 'ReleaseSeries', description: 'What a release gained over time, platform by platform.' });

const included = [
  'anomalies',
  'change_points',
  'definition_breaks',
  'corrections',
  'outages',
  'annotations',
  'forecast',
] as const;
type Included = (typeof included)[number];
const includedBy: Readonly<Record<(typeof eventKinds)[number], Included>> = {
  spike: 'anomalies',
  drop: 'anomalies',
  level: 'anomalies',
  silence: 'anomalies',
  change_point: 'change_points',
  definition_change: 'definition_breaks',
  platform_correction: 'corrections',
  outage: 'outages',
  annotation: 'annotations',
};
const usualDays = 90;

const seriesQuery = z.strictObject({
  metric: metricNameField.default('views'),
  platform: wordsInQuery(platformField, 10)
    .optional()
    .describe('Some, set apart by commas; all unless told.'),
  from: dayField.optional().describe('90 days before `to` unless told.'),
  to: dayField.optional().describe('Exclusive; the day after today unless told.'),
  interval: z.enum(seriesIntervals).default('day').describe('By the hour a range holds 31 days at most.'),
  zone: z
    .string()
    .max(100)
    .refine(isZone, 'is no IANA time zone')
    .default('UTC')
    .describe('Of the hours; days stay those of the platform’s own report.'),
  compare: z
    .enum(['none', ...seriesComparisons])
    .default('none')
    .describe('The range before, the year before, or the artist’s typical release at the same age.'),
  align: z
    .enum(alignments)
    .default('weekday')
    .describe('How earlier days are laid beside these; weeks and months stand beside whole ones.'),
  include: wordsInQuery(z.enum(included), included.length)
    .optional()
    .describe(`Of what happened meanwhile, some of ${included.join(', ')}, set apart by commas.`),
});

export function registerReleaseSeries(app: FastifyInstance, deps: ServerDependencies): void {
  zodRoutes(app).get(
    '/api/v1/releases/:id/series',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['releases'],
        summary: 'A metric of a release over time',
        description:
          'At most 1,000 points a series: of longer ones the lowest and the highest of each stretch. Gaps stay null.',
        params: pathId,
        querystring: seriesQuery,
        response: { 200: envelope(seriesSchema), ...problems },
      },
    },
    async (request) => {
      const { query } = request;
      const { id } = request.params;
      const { pool, cache } = servicesOf(request, deps);
      const to = query.to ?? addDays(dayOf(deps.clock.now(), query.zone), 1);
      const from = query.from ?? addDays(to, -usualDays);
      const { metric, platform: platforms, interval, zone, align } = query;
      const include = new Set(query.include);
      const key = `series ${String(id)} ${JSON.stringify([query, from, to])}`;
      const data = await cache.remember(key, async () => {
        const asked = { release_id: id, metric, platforms, from, to, interval, zone };
        const [series, happened] = await Promise.all([
          readReleaseSeries(pool, asked, rememberedMetrics(pool, cache)),
          include.size === 0 ? null : readHappened(pool, asked),
        ]);
        // Where something is told, the release is there.
        if (series.series.length === 0) await showRelease(pool, id);
        const compared =
          query.compare === 'none'
            ? null
            : await readComparedSeries(pool, series, { compare: query.compare, align, platforms });
        return toldSeries(series, compared, happened, include);
      });
      return { data };
    },
  );
}

async function readHappened(pool: Pool, asked: SeriesQuery): Promise<ReleaseEvents> {
  const { release_id: releaseId, metric, platforms = null, from, to } = asked;
  const { contents } = await showRelease(pool, releaseId);
  const contentIds = contents.map(({ id }) => id);
  return readReleaseEvents(pool, { releaseId, metric, platforms, contentIds }, { from, to });
}

function toldSeries(
  series: ReleaseSeries,
  compared: ComparedSeries[] | null,
  happened: ReleaseEvents | null,
  include: ReadonlySet<Included>,
): z.infer<typeof seriesSchema> {
  return {
    ...series,
    ...(compared === null ? {} : { compared }),
    ...(happened === null
      ? {}
      : { events: happened.events.filter(({ kind }) => include.has(includedBy[kind])) }),
    ...(happened === null || !include.has('forecast')
      ? {}
      : {
          forecasts: happened.trends.map(
            ({ platform, content_id, reason, predictions, backtest, run_id }) => ({
              ...{ platform, content_id, withheld: reason, predictions, backtest, run_id },
            }),
          ),
        }),
  };
}

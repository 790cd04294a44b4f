/** What happened to a release's series: events found in it, changes of what is counted, and what lies ahead. */
import type { Pool } from 'pg';
import { dayBounds } from '../analytics/calendar.js';
import type { TrendAnalysis, TrendPrediction } from '../contracts/models.js';
import type { Platform } from '../contracts/vocabulary.js';
import { readAnomalies } from '../store/anomalies.js';
import { availabilityOf } from '../store/availability.js';
import { readCollectingRuns } from '../store/collecting-runs.js';
import {
  readCorrections,
  readDefinitionBreaks,
  readReleaseAnnotations,
  type SeriesSelection,
} from '../store/release-series.js';
import { latestTrends, type LatestTrend } from '../store/trends.js';

export interface ReleaseEvent {
  kind:
    | 'spike'
    | 'drop'
    | 'level'
    | 'silence'
    | 'change_point'
    | 'definition_change'
    | 'platform_correction'
    | 'outage'
    | 'annotation';
  /** ISO day. */
  day: string;
  platform: Platform | null;
  text: string;
  value: number | null;
  expected: number | null;
  lower: number | null;
  upper: number | null;
  /** Most of the artist's series moved alike on that day. */
  shared: boolean;
  /** The run that found or collected it. */
  run_id: string | null;
  /** The run that brought the value; null where there is none, or where a person told it. */
  collected_by: string | null;
}

/** An event with the content whose value it speaks of; null where it speaks of no single value. */
type FoundEvent = Omit<ReleaseEvent, 'collected_by'> & { contentId: number | null };

export interface ContentTrend {
  platform: Platform;
  content_id: string;
  /** Null where the points are too few. */
  analysis: TrendAnalysis | null;
  /** Why; null where there is an analysis. */
  reason: string | null;
  predictions: TrendPrediction[];
  backtest: Record<string, unknown> | null;
  run_id: string;
}

export interface ReleaseEvents {
  events: ReleaseEvent[];
  trends: ContentTrend[];
}

const mostAnomalies = 500;

/** Everything about one metric of a release in a half-open range of ISO days, in order of day. */
export async function readReleaseEvents(
  pool: Pool,
  selection: SeriesSelection & { contentIds: readonly number[] },
  range: { from: string; to: string },
): Promise<ReleaseEvents> {
  const { contentIds, metric, platforms, releaseId } = selection;
  const bounds = { start: dayBounds(range.from, 'UTC').start, end: dayBounds(range.to, 'UTC').start };
  const [anomalies, trends, corrections, breaks, annotations, silences] = await Promise.all([
    readAnomalies(pool, { contentIds, since: range.from, limit: mostAnomalies }),
    latestTrends(pool, contentIds),
    readCorrections(pool, selection, range),
    readDefinitionBreaks(pool, selection, range),
    readReleaseAnnotations(pool, releaseId, bounds),
    availabilityOf(pool, contentIds),
  ]);
  const isAsked = (platform: string): boolean => platforms === null || platforms.includes(platform);
  const own = trends.filter((trend) => trend.metric === metric && isAsked(trend.platform));
  const events: FoundEvent[] = [
    ...anomalies
      .filter((found) => found.metric === metric && found.day < range.to && isAsked(found.platform))
      .map((found) => ({
        ...plain(found.kind, found.day, found.platform),
        text: `${found.kind} ${found.direction}${found.span > 1 ? ` over ${String(found.span)} days` : ''}`,
        value: found.value,
        expected: found.expected,
        lower: found.lower,
        upper: found.upper,
        shared: found.shared,
        run_id: found.runId,
        contentId: found.contentId,
      })),
    ...own.flatMap((trend) => changePointsOf(trend, range)),
    ...corrections.map((fell) => ({
      ...plain('platform_correction', fell.day, fell.platform),
      text: 'platform correction: the counter fell',
      value: fell.became,
      expected: fell.was,
      run_id: fell.runId,
      contentId: fell.contentId,
    })),
    ...breaks.map(({ day, platform, definition }) => ({
      ...plain('definition_change', day, platform),
      text: `counted otherwise from here on: ${definition}`,
    })),
    ...silences
      .filter(({ state, from }) => state === 'unavailable' && from >= bounds.start && from < bounds.end)
      .map(({ from, to }) => ({
        ...plain('outage', from.toISOString().slice(0, 10), null),
        text: `not available ${to === null ? 'since then' : `until ${to.toISOString().slice(0, 10)}`}`,
      })),
    ...annotations
      .filter(({ platform }) => platform === null || isAsked(platform))
      .map(({ at, platform, text }) => ({
        ...plain('annotation', at.toISOString().slice(0, 10), platform),
        text,
      })),
  ];
  const inOrder = events.sort((a, b) =>
    a.day === b.day ? a.kind.localeCompare(b.kind) : a.day < b.day ? -1 : 1,
  );
  return {
    events: await withCollectingRuns(pool, metric, inOrder),
    trends: own.map((trend) => ({
      platform: trend.platform as Platform,
      content_id: trend.contentKey,
      analysis: trend.analysis,
      reason: trend.withheldReason,
      predictions: trend.predictions,
      backtest: trend.backtest,
      run_id: trend.runId,
    })),
  };
}

async function withCollectingRuns(
  pool: Pool,
  metric: string,
  events: readonly FoundEvent[],
): Promise<ReleaseEvent[]> {
  const values = events.flatMap(({ contentId, day }) => (contentId === null ? [] : [{ contentId, day }]));
  const collected = new Map(
    (await readCollectingRuns(pool, metric, values)).map(({ contentId, day, runId }) => [
      `${String(contentId)} ${day}`,
      runId,
    ]),
  );
  return events.map(({ contentId, ...event }) => ({
    ...event,
    collected_by: collected.get(`${String(contentId)} ${event.day}`) ?? null,
  }));
}

function changePointsOf(trend: LatestTrend, range: { from: string; to: string }): FoundEvent[] {
  return (trend.analysis?.change_points ?? [])
    .map((point) => ({ ...point, day: point.timestamp.slice(0, 10) }))
    .filter(({ day }) => day >= range.from && day < range.to)
    .map(({ day, kind, before, after, confidence }) => ({
      ...plain('change_point', day, trend.platform),
      text: `${kind} changed for good (confidence ${confidence.toFixed(2)})`,
      value: after,
      expected: before,
      run_id: trend.runId,
      contentId: trend.contentId,
    }));
}

function plain(kind: ReleaseEvent['kind'], day: string, platform: string | null): FoundEvent {
  return {
    kind,
    day,
    platform: platform as Platform | null,
    text: '',
    value: null,
    expected: null,
    lower: null,
    upper: null,
    shared: false,
    run_id: null,
    contentId: null,
  };
}

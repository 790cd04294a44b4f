/** What came out of the main job, for a person to read. */
import { dayOf } from '../../analytics/calendar.js';
import { StockSuccessTracker } from '../../services/stock-tracker.js';
import { readAnomalies } from '../../store/anomalies.js';
import { readInsights, type StoredInsight } from '../../store/insights.js';
import { latestTrends, type LatestTrend } from '../../store/trends.js';
import { table, type Output } from '../output.js';
import type { Session } from '../session.js';
import type { JobStep } from './main-job.js';

const shown = 5;
const insightsRead = 1_000;
const day = 86_400_000;

/** Stock sources, anomalies, forecasts and insights, then every run with its page in Temporal's UI. */
export async function describeResults(session: Session, steps: readonly JobStep[]): Promise<string> {
  const pool = await session.pool();
  const now = session.clock.now();
  const today = dayOf(now, 'UTC');
  const tracker = new StockSuccessTracker({
    pool,
    clock: session.clock,
    halfLifeDays: session.configuration.STOCK_HALF_LIFE_DAYS,
  });
  const [sources, anomalies, trends, insights] = await Promise.all([
    tracker.rankSources(),
    readAnomalies(pool, { contentIds: null, since: '1970-01-01', limit: shown }),
    latestTrends(pool, null),
    readInsights(
      pool,
      {
        artistId: null,
        platforms: null,
        contentKeys: null,
        since: new Date(now.getTime() - day),
        // The best of a kind may stand behind many of another.
        limit: insightsRead,
      },
      today,
    ),
  ]);
  const { output } = session;
  return [
    section(
      output,
      'Stock sources worth drawing from',
      sources.length === 0
        ? 'None has been used in these releases.'
        : table(
            ['rank', 'source', 'score', 'interval', 'releases'],
            sources
              .slice(0, shown)
              .map((source) => [
                source.rank,
                source.source_name,
                source.score.toFixed(2),
                `${source.lower.toFixed(1)} to ${source.upper.toFixed(1)}`,
                `${String(source.releases)}${source.low_evidence ? ' (low evidence)' : ''}`,
              ]),
          ),
    ),
    section(
      output,
      'Latest anomalies',
      anomalies.length === 0
        ? 'None.'
        : table(
            ['day', 'content', 'metric', 'kind', 'value', 'expected'],
            anomalies.map((anomaly) => [
              anomaly.day,
              short(anomaly.title ?? anomaly.contentKey),
              anomaly.metric,
              anomaly.shared ? `${anomaly.kind}, as most` : anomaly.kind,
              anomaly.span > 1
                ? `${whole(anomaly.value)} a day over ${anomaly.span} days`
                : whole(anomaly.value),
              `${whole(anomaly.lower)} to ${whole(anomaly.upper)}`,
            ]),
          ),
    ),
    section(output, 'Forecasts of the largest series, for the day a week ahead', forecastTable(trends)),
    section(
      output,
      'Insights, the best of each kind',
      insights.length === 0
        ? 'None: the evidence does not reach for one.'
        : bestOfEachKind(insights)
            .map((insight) => `[${insight.priority}] ${insight.title}\n    ${insight.impact_prediction}`)
            .join('\n'),
    ),
    section(
      output,
      'Runs, each with its page in Temporal’s UI',
      steps
        .map(({ title, run, seconds, ended }) => {
          const how = ended.state === 'succeeded' ? `${seconds.toFixed(1)} s` : ended.state;
          return `${title} (${how})\n    ${run.url}`;
        })
        .join('\n'),
    ),
  ].join('\n\n');
}

function forecastTable(trends: readonly LatestTrend[]): string {
  const told = trends.flatMap(({ analysis, title, contentKey, metric }) => {
    const ahead = analysis?.predictions[6];
    return analysis === null || ahead === undefined ? [] : [{ analysis, ahead, title, contentKey, metric }];
  });
  const withheld = trends.length - told.length;
  const largest = told.sort((a, b) => b.ahead.value - a.ahead.value).slice(0, shown);
  const counted = `${String(told.length)} series have a forecast; ${String(withheld)} have too little data for one.`;
  if (largest.length === 0) return counted;
  return `${table(
    ['content', 'metric', 'trend', 'day', 'forecast', '80 %'],
    largest.map(({ analysis, ahead, title, contentKey, metric }) => [
      short(title ?? contentKey),
      metric,
      analysis.overall_direction,
      ahead.timestamp.slice(0, 10),
      whole(ahead.value),
      `${whole(ahead.lower_80)} to ${whole(ahead.upper_80)}`,
    ]),
  )}\n${counted}`;
}

function bestOfEachKind(insights: readonly StoredInsight[]): StoredInsight[] {
  const best = new Map<string, StoredInsight>();
  for (const insight of insights)
    if (!best.has(insight.insight_type)) best.set(insight.insight_type, insight);
  return [...best.values()].slice(0, shown);
}

function section(output: Output, heading: string, body: string): string {
  return `${output.heading(heading)}\n${body}`;
}

function whole(value: number | null): string {
  return value === null ? '–' : Math.round(value).toLocaleString('en');
}

function short(text: string): string {
  const characters = Array.from(text);
  return characters.length <= 36 ? text : `${characters.slice(0, 35).join('')}…`;
}

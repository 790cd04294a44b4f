import type { VNode } from 'preact';
import type { ContentTrend } from '../../../services/release-events.js';
import { wordFor } from '../filter-bar.js';
import { numberText, percentText } from '../parts/figures.js';
import { metricName } from '../parts/metric-name.js';

/** The trend of each content, its forecast, and what that one is worth. */
export function Outlook({ trends, metric }: { trends: readonly ContentTrend[]; metric: string }): VNode {
  return (
    <section aria-labelledby="outlook">
      <h2 id="outlook">Where it is heading</h2>
      {trends.length === 0 ? (
        <p class="quiet">No analysis of {metricName(metric).toLowerCase()} has run yet.</p>
      ) : (
        trends.map((trend) => <Trend key={trend.content_id} trend={trend} />)
      )}
    </section>
  );
}

function Trend({ trend }: { trend: ContentTrend }): VNode {
  const { analysis, reason, predictions, platform, backtest } = trend;
  const week = predictions[6];
  const worth =
    backtest === null ? null : (backtest['relative_to_seasonal_naive'] ?? backtest['mase'] ?? null);
  return (
    <p>
      <strong>{wordFor(platform)}</strong>:{' '}
      {analysis === null
        ? `${reason ?? 'not enough data'}.`
        : `${analysis.overall_direction}, ${analysis.strength}. ${analysis.key_insights.join(' ')}`}{' '}
      {week === undefined
        ? null
        : `Forecast for ${week.timestamp.slice(0, 10)}: ${numberText(week.value)}, 80 % of such days lie between ${numberText(week.lower_80)} and ${numberText(week.upper_80)}.`}{' '}
      {typeof worth === 'number' ? (
        <span class="quiet">
          {`In its own past the forecast’s error was ${percentText(worth)} of the seasonal naive one’s.`}
        </span>
      ) : null}
    </p>
  );
}

import type { VNode } from 'preact';
import type { ReleaseSeries } from '../../../services/release-series.js';
import { momentsOf } from '../../charts/hours.js';
import { wordFor } from '../filter-bar.js';
import { numberText } from '../parts/figures.js';
import { metricName } from '../parts/metric-name.js';
import { viewedPoints, type ReleaseView } from './view.js';

/** What the chart shows, the newest first. */
export function FiguresTable({ series, view, metric }: ReleaseView): VNode {
  const platforms = series.series.map(({ platform, points }) => ({
    platform,
    byTime: new Map(viewedPoints(points, view).map((point) => [point.t, point])),
  }));
  const times = [...new Set(series.series.flatMap(({ points }) => points.map(({ t }) => t)))]
    .sort()
    .reverse();
  const clock = series.interval === 'hour' ? momentsOf(series.zone) : null;
  const textOf = (time: string): string => clock?.(new Date(time)) ?? time;
  return (
    <details class="data-table">
      <summary>The figures as a table</summary>
      <div class="table-scroll" tabIndex={0} role="group" aria-label="The figures as a table">
        <table id="figures">
          <caption>
            {metricName(metric)}
            {series.unit === null || series.unit === 'count' ? '' : `, ${series.unit}`}
            {view === 'cumulative' ? ', in total' : ''}
          </caption>
          <thead>
            <tr>
              <th scope="col">{timeHead(series)}</th>
              {platforms.map(({ platform }) => (
                <th key={platform} scope="col" class="number">
                  {wordFor(platform)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {times.map((time) => (
              <tr key={time}>
                <th scope="row">{textOf(time)}</th>
                {platforms.map(({ platform, byTime }) => {
                  const point = byTime.get(time);
                  return (
                    <td key={platform} class="number">
                      {numberText(point?.value ?? null)}
                      {point !== undefined && point.value !== null && !point.complete ? (
                        <span class="quiet"> not final</span>
                      ) : null}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function timeHead({ interval, zone }: ReleaseSeries): string {
  if (interval === 'hour') return `Hour (${zone})`;
  return interval === 'day' ? 'Day' : `First day of the ${interval}`;
}

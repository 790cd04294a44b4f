/** The figures of a period: a card a metric, their course, and the platforms beside each other. */
import type { VNode } from 'preact';
import { daysBetween } from '../../../analytics/calendar.js';
import { foldedDays, wholeDays } from '../../../services/day-values.js';
import type { MetricFigure, OverviewFigures } from '../../../services/overview.js';
import { Bars } from '../../charts/bars.js';
import { Sparkline } from '../../charts/sparkline.js';
import { TimeChart } from '../../charts/time-chart.js';
import { Change, counted, LargeFigure, numberText } from '../parts/figures.js';
import { metricName } from '../parts/metric-name.js';
import { isNarrowed, wordFor } from '../filter-bar.js';
import { periodInWords, type Filter, type ReadFilter } from '../filter.js';

interface FiguresProps {
  overview: OverviewFigures;
  read: ReadFilter;
}

export function Figures({ overview, read }: FiguresProps): VNode {
  if (overview.figures.length === 0) return <Nothing read={read} />;
  return (
    <>
      <Cards overview={overview} filter={read.filter} />
      <Totals figures={overview.figures} filter={read.filter} />
    </>
  );
}

function Nothing({ read }: { read: ReadFilter }): VNode {
  const { filter } = read;
  return isNarrowed(filter) || filter.range === 'custom' ? (
    <p class="empty">
      Nothing was told of {filter.platform === null ? 'any platform' : wordFor(filter.platform)} from{' '}
      {periodInWords(filter.from, filter.to)}. <a href="/">Show everything</a>
    </p>
  ) : (
    <p class="empty">
      There is nothing to show yet: <a href="/runs">collect from the platforms</a>, or{' '}
      <a href="/add-data">add data by hand</a>.
    </p>
  );
}

function Cards({ overview, filter }: { overview: OverviewFigures; filter: Filter }): VNode {
  return (
    <section aria-labelledby="figures">
      <h2 id="figures">{periodInWords(filter.from, filter.to)}</h2>
      <ul class="cards">
        <li class="card">
          <h3>Contents</h3>
          <LargeFigure value={overview.contents} />
          <p class="quiet">observed in these days</p>
        </li>
        {overview.figures.map(({ metric, total, change, days }) => (
          <li class="card" key={metric}>
            <h3>{metricName(metric)}</h3>
            <LargeFigure value={total} />
            {metric === 'watch_time' || metric === 'listen_time' ? <span class="quiet"> minutes</span> : null}
            {change === null ? null : (
              <p>
                <Change current={change.current} former={change.former} />
                {change.days === daysBetween(filter.from, filter.to) ? null : (
                  <>
                    {' '}
                    <span class="quiet">{`over ${counted(change.days, 'whole day')}`}</span>
                  </>
                )}
              </p>
            )}
            <Sparkline points={wholeDays(days).map(({ day, value }) => ({ at: new Date(day), value }))} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Views and streams are what audiences do; the others stand in the cards. */
const charted: readonly string[] = ['views', 'streams'];

function Totals({ figures, filter }: { figures: readonly MetricFigure[]; filter: Filter }): VNode {
  const played = figures.filter(({ metric }) => charted.includes(metric));
  const chosen = played.length === 0 ? figures.slice(0, 1) : played;
  return (
    <>
      {chosen.map((figure) => (
        <Total key={figure.metric} figure={figure} filter={filter} />
      ))}
      <section class="panel chart-panel" aria-label="By platform">
        <Bars
          id="platforms"
          name="By platform"
          period={periodInWords(filter.from, filter.to)}
          bars={chosen
            .flatMap(({ metric, byPlatform }) => byPlatform.map((of) => ({ ...of, metric })))
            .map(({ platform, total, metric }) => ({
              name: wordFor(platform),
              value: total,
              text: `${numberText(total)} ${metricName(metric).toLowerCase()}`,
            }))}
        />
      </section>
    </>
  );
}

interface TotalPoint {
  day: string;
  value: number | null;
  complete: boolean;
  former: number | null;
}

function Total({ figure, filter }: { figure: MetricFigure; filter: Filter }): VNode {
  const { metric } = figure;
  const formerDays = foldedDays(figure.formerDays, filter.interval);
  const points: TotalPoint[] = foldedDays(figure.days, filter.interval).map((point, index) => ({
    ...point,
    former: formerDays[index]?.value ?? null,
  }));
  const period = periodInWords(filter.from, filter.to);
  const step = filter.interval === 'hour' ? 'day' : filter.interval;
  const former = formerDays.length === 0 ? null : wordFor(filter.compare);
  return (
    <section class="panel chart-panel" aria-label={`${metricName(metric)} over time`}>
      <TimeChart
        id={`total-${metric}`}
        name={`${metricName(metric)} a ${step}`}
        period={period}
        range={[new Date(points[0]!.day), new Date(points.at(-1)!.day)]}
        lines={[
          {
            name: 'This period',
            colour: 1,
            style: 'solid',
            points: points.map(({ day, value, complete }) => ({ at: new Date(day), value, complete })),
          },
          ...(former === null
            ? []
            : [
                {
                  name: former,
                  colour: 2 as const,
                  style: 'dashed' as const,
                  points: points.map((point) => ({ at: new Date(point.day), value: point.former })),
                },
              ]),
        ]}
      />
      <TotalTable points={points} step={step} former={former} />
    </section>
  );
}

interface TotalTableProps {
  points: readonly TotalPoint[];
  step: 'day' | 'week' | 'month';
  /** What is compared with, in words; null compares with nothing. */
  former: string | null;
}

/** The chart’s figures for whoever wants them exactly. */
function TotalTable({ points, step, former }: TotalTableProps): VNode {
  return (
    <details class="data-table">
      <summary>The figures as a table</summary>
      <div class="table-scroll" tabIndex={0} role="group" aria-label="The figures as a table">
        <table>
          <thead>
            <tr>
              <th scope="col">{step === 'day' ? 'Day' : `${step === 'week' ? 'Week' : 'Month'} from`}</th>
              <th scope="col" class="number">
                This period
              </th>
              {former === null ? null : (
                <th scope="col" class="number">
                  {former}
                </th>
              )}
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            {points.map((point) => (
              <tr key={point.day}>
                <th scope="row">
                  <time dateTime={point.day}>{point.day}</time>
                </th>
                <td class="number">{numberText(point.value)}</td>
                {former === null ? null : <td class="number">{numberText(point.former)}</td>}
                <td>{stateOf(point)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function stateOf({ value, complete }: TotalPoint): string {
  if (value === null) return 'not told';
  return complete ? 'complete' : 'incomplete';
}

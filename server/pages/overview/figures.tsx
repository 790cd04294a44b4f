/** The figures of a period: a card a metric, their course, and the platforms beside each other. */
import type { VNode } from 'preact';
import { foldedDays, type MetricFigure, type OverviewFigures } from '../../../services/overview.js';
import { Bars } from '../../charts/bars.js';
import { Sparkline } from '../../charts/sparkline.js';
import { TimeChart } from '../../charts/time-chart.js';
import { Change, LargeFigure, numberText } from '../parts/figures.js';
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
        {overview.figures.map(({ metric, total, former, days }) => (
          <li class="card" key={metric}>
            <h3>{metricName(metric)}</h3>
            <LargeFigure value={total} />
            {metric === 'watch_time' || metric === 'listen_time' ? <span class="quiet"> minutes</span> : null}
            {filter.compare === 'previous' || filter.compare === 'year' ? (
              <p>
                <Change current={total} former={former} />
              </p>
            ) : null}
            <Sparkline points={days.map(({ day, value }) => ({ at: new Date(day), value }))} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Views and streams are what audiences do; the others stand in the cards. */
const charted: readonly string[] = ['views', 'streams'];

function Totals({ figures, filter }: { figures: readonly MetricFigure[]; filter: Filter }): VNode {
  const chosen = figures.filter(({ metric }) => charted.includes(metric));
  const period = periodInWords(filter.from, filter.to);
  return (
    <>
      {(chosen.length === 0 ? figures.slice(0, 1) : chosen).map(({ metric, byPlatform, ...read }) => {
        const days = foldedDays(read.days, filter.interval);
        const formerDays = foldedDays(read.formerDays, filter.interval);
        return (
          <section key={metric} class="panel chart-panel" aria-label={`${metricName(metric)} over time`}>
            <TimeChart
              id={`total-${metric}`}
              name={`${metricName(metric)} a ${filter.interval === 'hour' ? 'day' : filter.interval}`}
              period={period}
              range={[new Date(days[0]!.day), new Date(days.at(-1)!.day)]}
              lines={[
                {
                  name: 'This period',
                  colour: 1,
                  style: 'solid',
                  points: days.map(({ day, value, complete }) => ({ at: new Date(day), value, complete })),
                },
                ...(formerDays.length === 0
                  ? []
                  : [
                      {
                        name: wordFor(filter.compare),
                        colour: 2 as const,
                        style: 'dashed' as const,
                        points: days.map(({ day }, index) => ({
                          at: new Date(day),
                          value: formerDays[index]?.value ?? null,
                        })),
                      },
                    ]),
              ]}
            />
            {byPlatform.length < 2 ? null : (
              <Bars
                id={`platforms-${metric}`}
                name={`${metricName(metric)} by platform`}
                period={period}
                bars={byPlatform.map(({ platform, total }) => ({
                  name: wordFor(platform),
                  value: total,
                  text: numberText(total),
                }))}
              />
            )}
          </section>
        );
      })}
    </>
  );
}

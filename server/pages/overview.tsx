/** The first page: what everything together did, and what asks for attention. */
import type { FastifyInstance } from 'fastify';
import type { VNode } from 'preact';
import { readContentLines, readOverview, type MetricFigure, type Overview } from '../../services/overview.js';
import type { StoredAnomaly } from '../../store/anomalies.js';
import { Bars } from '../charts/bars.js';
import { Sparkline } from '../charts/sparkline.js';
import { TimeChart } from '../charts/time-chart.js';
import { servicesOf } from '../access/authentication.js';
import type { ServerDependencies } from '../dependencies.js';
import { Change, LargeFigure, momentText, numberText } from './parts/figures.js';
import { metricName } from './parts/metric-name.js';
import { FilterBar, isNarrowed, wordFor } from './filter-bar.js';
import {
  comparedDays,
  periodInWords,
  queryOf,
  readFilter,
  type Filter,
  type FilterQuery,
  type ReadFilter,
} from './filter.js';
import { readFreshness } from './freshness.js';
import { sendPage } from './shell.js';

const shownSources = 3;

export function registerOverview(app: FastifyInstance, deps: ServerDependencies): void {
  app.get('/', { config: { scope: 'read', isPage: true } }, async (request, reply) => {
    const services = servicesOf(request, deps);
    const { pool, stock, cache } = services;
    const read = readFilter(request.query as FilterQuery, { now: deps.clock.now(), firstDay: null });
    const { filter } = read;
    const compared = comparedDays(filter);
    const { from, to, platform } = filter;
    const asked = { from, to, compared, platform };
    const [{ overview, lines }, ranking, freshness] = await Promise.all([
      cache.remember(`overview page ${JSON.stringify(asked)}`, async () => {
        const read = await readOverview(pool, deps.clock, asked);
        return { overview: read, lines: await readContentLines(pool, read.movers, { from, to }) };
      }),
      stock.rankSources(),
      readFreshness(services, deps.clock),
    ]);
    const content = (
      <>
        <h1>Overview</h1>
        <FilterBar path="/" read={read} />
        {overview.figures.length === 0 ? (
          <Nothing read={read} />
        ) : (
          <>
            <Cards overview={overview} filter={filter} />
            <Totals figures={overview.figures} filter={filter} />
          </>
        )}
        <div class="columns">
          <section class="panel" aria-labelledby="movers">
            <h2 id="movers">{compared === null ? 'What gained most' : 'What moved most'}</h2>
            {overview.movers.length === 0 ? (
              <p class="empty">Nothing was told in these days.</p>
            ) : (
              <div class="table-scroll" tabIndex={0} role="group" aria-labelledby="movers">
                <table>
                  <thead>
                    <tr>
                      <th scope="col">Release</th>
                      <th scope="col">Platform</th>
                      <th scope="col" class="number">
                        Gained
                      </th>
                      <th scope="col">Change</th>
                      <th scope="col">Course</th>
                    </tr>
                  </thead>
                  <tbody>
                    {overview.movers.map((mover) => (
                      <tr key={mover.contentId}>
                        <th scope="row" dir="auto">
                          {mover.releaseId === null ? (
                            mover.title
                          ) : (
                            <a
                              href={`/releases/${String(mover.releaseId)}?${queryOf(filter, {}, { metric: mover.metric })}`}
                            >
                              {mover.title}
                            </a>
                          )}
                        </th>
                        <td>{wordFor(mover.platform)}</td>
                        <td class="number">{`${numberText(mover.current)} ${mover.metric}`}</td>
                        <td>
                          <Change current={mover.current} former={compared === null ? null : mover.former} />
                        </td>
                        <td>
                          <Sparkline
                            points={(lines.get(mover.contentId) ?? []).map(({ day, value }) => ({
                              at: new Date(day),
                              value,
                            }))}
                          />
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )}
          </section>
          <section class="panel" aria-labelledby="anomalies">
            <h2 id="anomalies">Latest anomalies</h2>
            <Anomalies found={overview.anomalies} filter={filter} />
          </section>
          <section class="panel" aria-labelledby="sources">
            <h2 id="sources">Stock sources worth drawing from</h2>
            {ranking.length === 0 ? (
              <p class="empty">No clip has been logged yet.</p>
            ) : (
              <ol class="ranking">
                {ranking.slice(0, shownSources).map((source) => (
                  <li key={source.source_name}>
                    <a href={`/stock-sources/${encodeURIComponent(source.source_name)}`}>
                      {source.source_name}
                    </a>{' '}
                    <strong>{source.score.toFixed(1)}</strong>{' '}
                    <span class="quiet">
                      {`${source.lower.toFixed(1)} to ${source.upper.toFixed(1)}, ${String(source.releases)} releases`}
                    </span>
                    {source.low_evidence ? <span class="tag">low evidence</span> : null}
                  </li>
                ))}
              </ol>
            )}
          </section>
          <section class="panel" aria-labelledby="failures">
            <h2 id="failures">Failed runs</h2>
            {overview.failedRuns.length === 0 ? (
              <p class="empty">No run has failed.</p>
            ) : (
              <ul class="plain-list">
                {overview.failedRuns.map((run) => (
                  <li key={run.id}>
                    <a href={`/runs/${run.id}`}>{run.workflowId}</a>{' '}
                    <span class="quiet">{momentText(run.startedAt, filter.zone)}</span>
                    <br />
                    {run.failureMessage ?? 'No reason was given.'}
                  </li>
                ))}
              </ul>
            )}
          </section>
        </div>
      </>
    );
    return sendPage(request, reply, deps, freshness, { title: 'Overview', section: '/', content });
  });
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

function Cards({ overview, filter }: { overview: Overview; filter: Filter }): VNode {
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
      {(chosen.length === 0 ? figures.slice(0, 1) : chosen).map(
        ({ metric, days, formerDays, byPlatform }) => (
          <section key={metric} class="panel chart-panel" aria-label={`${metricName(metric)} over time`}>
            <TimeChart
              id={`total-${metric}`}
              name={`${metricName(metric)} a day`}
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
        ),
      )}
    </>
  );
}

function Anomalies({ found, filter }: { found: readonly StoredAnomaly[]; filter: Filter }): VNode {
  if (found.length === 0) return <p class="empty">Nothing unusual on the completed days of this period.</p>;
  return (
    <div class="table-scroll" tabIndex={0} role="group" aria-labelledby="anomalies">
      <table>
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">Release</th>
            <th scope="col">What</th>
            <th scope="col" class="number">
              Value
            </th>
            <th scope="col" class="number">
              Expected
            </th>
          </tr>
        </thead>
        <tbody>
          {found.map((anomaly) => (
            <tr key={`${String(anomaly.contentId)} ${anomaly.metric} ${anomaly.day} ${anomaly.method}`}>
              <th scope="row">
                <time dateTime={anomaly.day}>{anomaly.day}</time>
              </th>
              <td dir="auto">
                {anomaly.releaseId === null ? (
                  (anomaly.title ?? anomaly.contentKey)
                ) : (
                  <a
                    href={`/releases/${String(anomaly.releaseId)}?${queryOf(filter, {}, { metric: anomaly.metric })}`}
                  >
                    {anomaly.title ?? anomaly.contentKey}
                  </a>
                )}
              </td>
              <td>{`${anomaly.kind} in ${anomaly.metric} (${wordFor(anomaly.platform)})`}</td>
              <td class="number">{numberText(anomaly.value)}</td>
              <td class="number">{`${numberText(anomaly.lower)} to ${numberText(anomaly.upper)}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What gains faster than before, and what slows down. */
import type { FastifyInstance } from 'fastify';
import type { VNode } from 'preact';
import { addDays, daysBetween } from '../../analytics/calendar.js';
import { readTrendingPage, type TrendingEntry } from '../../services/trending-page.js';
import { trendingOrders, type TrendingOrder } from '../../store/trending.js';
import { servicesOf } from '../access/authentication.js';
import { Sparkline } from '../charts/sparkline.js';
import type { ServerDependencies } from '../dependencies.js';
import { figure, numberText, percentText } from './parts/figures.js';
import { metricName } from './parts/metric-name.js';
import { Tabs } from './parts/tabs.js';
import { FilterBar, isNarrowed, wordFor } from './filter-bar.js';
import { periodInWords, queryOf, readFilter, type Filter, type FilterQuery } from './filter.js';
import { readFreshness } from './freshness.js';
import { sendPage } from './shell.js';

const shown = 50;
const orderNames: Readonly<Record<TrendingOrder, string>> = {
  growth: 'By growth',
  velocity: 'By velocity',
  newest: 'Newest first',
};

export function registerTrending(app: FastifyInstance, deps: ServerDependencies): void {
  app.get('/trending', { config: { scope: 'read', isPage: true } }, async (request, reply) => {
    const services = servicesOf(request, deps);
    const query = request.query as FilterQuery;
    const read = readFilter(query, { now: deps.clock.now(), firstDay: null, defaultRange: '7d' });
    const { filter } = read;
    const { from, to, platform } = filter;
    const order = trendingOrders.find((name) => name === query['order']) ?? 'growth';
    const asked = { from, to, order, limit: shown, platforms: platform === null ? null : [platform] };
    const [entries, freshness] = await Promise.all([
      services.cache.remember(`trending page ${JSON.stringify(asked)}`, () =>
        readTrendingPage(services.pool, { ...asked, now: deps.clock.now() }),
      ),
      readFreshness(services, deps.clock),
    ]);
    const content = (
      <>
        <h1>Trending</h1>
        <FilterBar path="/trending" read={read} keep={order === 'growth' ? {} : { order }} />
        <Orders filter={filter} chosen={order} />
        {entries.length === 0 ? <Nothing filter={filter} /> : <Entries entries={entries} filter={filter} />}
      </>
    );
    return sendPage(request, reply, deps, freshness, { title: 'Trending', section: '/trending', content });
  });
}

function Orders({ filter, chosen }: { filter: Filter; chosen: TrendingOrder }): VNode {
  return (
    <Tabs
      label="Order"
      chosenAs="true"
      tabs={trendingOrders.map((order) => ({
        href: `/trending?${queryOf(filter, {}, order === 'growth' ? {} : { order })}`,
        name: orderNames[order],
        isChosen: order === chosen,
      }))}
    />
  );
}

function Nothing({ filter }: { filter: Filter }): VNode {
  return isNarrowed(filter) || filter.range === 'custom' ? (
    <p class="empty">
      No complete day was told of {filter.platform === null ? 'any platform' : wordFor(filter.platform)} from{' '}
      {periodInWords(filter.from, filter.to)}. <a href="/trending">Show everything</a>
    </p>
  ) : (
    <p class="empty">
      Nothing has moved in these days. <a href="/trending?range=90d">Look at the last 90</a>, or{' '}
      <a href="/runs">collect from the platforms</a>.
    </p>
  );
}

function Entries({ entries, filter }: { entries: readonly TrendingEntry[]; filter: Filter }): VNode {
  const days = daysBetween(filter.from, filter.to);
  return (
    <>
      <p class="quiet" id="trending-about">
        The last {figure(days)} complete days up to {periodInWords(addDays(filter.to, -1), filter.to)},
        against as many before them. Velocity, growth and direction are derived.
      </p>
      <div class="table-scroll" tabIndex={0} role="group" aria-label="What is trending">
        <table aria-describedby="trending-about">
          <thead>
            <tr>
              <th scope="col">Release</th>
              <th scope="col">Platform</th>
              <th scope="col" class="number">
                Velocity
              </th>
              <th scope="col" class="number">
                Growth
              </th>
              <th scope="col">First to last week, 95 %</th>
              <th scope="col">Direction</th>
              <th scope="col">Course</th>
              <th scope="col" class="number">
                Age
              </th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <Entry key={entry.contentId} entry={entry} filter={filter} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Entry({ entry, filter }: { entry: TrendingEntry; filter: Filter }): VNode {
  const { releaseId, title, platform, metric, velocity, growth, weekly, ageDays, line } = entry;
  return (
    <tr>
      <th scope="row" dir="auto">
        {releaseId === null ? (
          title
        ) : (
          <a href={`/releases/${String(releaseId)}?${queryOf(filter, {}, { metric })}`}>{title}</a>
        )}
      </th>
      <td>{wordFor(platform)}</td>
      <td class="number">{`${numberText(velocity)} ${metricName(metric).toLowerCase()} a day`}</td>
      <td class="number">
        <Growth growth={growth} />
      </td>
      <td>
        {weekly === null ? 'needs more days' : percentText(weekly.growth)}
        {weekly?.interval == null ? null : (
          <span class="under nowrap">
            {`${percentText(weekly.interval[0])} to ${percentText(weekly.interval[1])}`}
          </span>
        )}
      </td>
      <td>
        {entry.direction ?? <span class="quiet">{entry.withheld ?? 'not analysed yet'}</span>}
        {entry.inLaunchDecay ? <span class="tag">in launch decay</span> : null}
      </td>
      <td>
        <Sparkline points={line.map(({ day, value }) => ({ at: new Date(day), value }))} />
      </td>
      <td class="number">{ageDays === null ? '–' : `${figure(ageDays)} days`}</td>
    </tr>
  );
}

function Growth({ growth }: { growth: number | null }): VNode {
  if (growth === null) return <span class="quiet">nothing before</span>;
  if (Math.abs(growth) < 0.0005) return <span class="quiet">→ unchanged</span>;
  const share = percentText(Math.abs(growth));
  return growth > 0 ? (
    <span class="change-up">{`↑ ${share} more`}</span>
  ) : (
    <span class="change-down">{`↓ ${share} less`}</span>
  );
}

/** Which sources of stock footage are worth drawing from, and why. */
import type { FastifyInstance } from 'fastify';
import type { VNode } from 'preact';
import { z } from 'zod';
import type { RankedSource } from '../../../analytics/stock-ranking.js';
import { servicesOf } from '../../access/authentication.js';
import { zodRoutes } from '../../api/route.js';
import type { ServerDependencies } from '../../dependencies.js';
import { counted, fixed, Instant } from '../parts/figures.js';
import { Field } from '../parts/form.js';
import { Empty } from '../parts/notices.js';
import { sendWithFreshness } from '../parts/page.js';
import {
  changeDays,
  earlierDay,
  rankingFields,
  rankingView,
  sourcePath,
  type RankingView,
} from './ranking-query.js';
import { ScoreRange } from './score-range.js';
import { SelectorCall } from './selector-call.js';
import { registerStockSource } from './source.js';

export function registerStockSources(app: FastifyInstance, deps: ServerDependencies): void {
  const { clock, configuration } = deps;
  zodRoutes(app).get(
    '/stock-sources',
    { config: { scope: 'read', isPage: true }, schema: { querystring: z.object(rankingFields) } },
    async (request, reply) => {
      const view = rankingView(request.query, {
        now: clock.now(),
        halfLifeDays: configuration.STOCK_HALF_LIFE_DAYS,
      });
      const { stock } = servicesOf(request, deps);
      const { halfLifeDays } = view;
      const [ranking, earlier] = await Promise.all([
        stock.rankSources({ asOf: view.asOf, halfLifeDays }),
        stock.rankSources({ asOf: earlierDay(view), halfLifeDays }),
      ]);
      const formerRanks = new Map(earlier.map(({ source_name, rank }) => [source_name, rank]));
      return sendWithFreshness(request, reply, deps, {
        title: 'Stock sources',
        section: '/stock-sources',
        content: (
          <>
            <h1>Stock sources</h1>
            <p class="lead">
              How well the releases did that each source’s clips were used in, from 0 to 10. Older releases
              count less: half as much with every half-life. A source with little evidence is drawn towards
              the middle.
            </p>
            <RankingForm view={view} />
            {ranking.length === 0 ? (
              <NoSources isFiltered={view.told.as_of !== undefined} />
            ) : (
              <RankingTable ranking={ranking} formerRanks={formerRanks} view={view} />
            )}
            <SelectorCall view={view} origin={`${request.protocol}://${request.host}`} />
          </>
        ),
      });
    },
  );
  registerStockSource(app, deps);
}

function RankingForm({ view }: { view: RankingView }): VNode {
  return (
    <form method="get" action="/stock-sources" class="filters" aria-label="Ranking">
      <Field id="as_of" label="As of">
        <input id="as_of" name="as_of" type="date" value={view.told.as_of ?? view.asOf} />
      </Field>
      <Field id="half_life" label="Half-life, days">
        <input
          id="half_life"
          name="half_life"
          type="number"
          min="0.1"
          max="36500"
          step="any"
          value={String(view.halfLifeDays)}
        />
      </Field>
      <button type="submit">Show</button>
      {view.told.as_of === undefined && view.told.half_life === undefined ? null : (
        <a href="/stock-sources">As of today, usual half-life</a>
      )}
    </form>
  );
}

function NoSources({ isFiltered }: { isFiltered: boolean }): VNode {
  return isFiltered ? (
    <Empty>
      No clip had been used by that day. <a href="/stock-sources">Show today’s ranking</a>
    </Empty>
  ) : (
    <Empty>
      No stock source has been used yet. Tell of a first clip with{' '}
      <code>tidemark source log-clip &lt;source&gt; &lt;clip&gt; &lt;release&gt;</code>.
    </Empty>
  );
}

function RankingTable({
  ranking,
  formerRanks,
  view,
}: {
  ranking: readonly RankedSource[];
  formerRanks: ReadonlyMap<string, number>;
  view: RankingView;
}): VNode {
  return (
    <div class="table-scroll" tabIndex={0} role="group" aria-label="Ranking of stock sources">
      <table>
        <caption>
          {counted(ranking.length, 'source')} as of {view.asOf}, half-life {counted(view.halfLifeDays, 'day')}
          ; change of rank against {earlierDay(view)}. Scores are derived; intervals hold 95 %.
        </caption>
        <thead>
          <tr>
            <th scope="col" class="number">
              Rank
            </th>
            <th scope="col">Source</th>
            <th scope="col">Change in {changeDays} days</th>
            <th scope="col" class="number">
              Score
            </th>
            <th scope="col">Interval</th>
            <th scope="col" class="number">
              Releases
            </th>
            <th scope="col">Last used</th>
          </tr>
        </thead>
        <tbody>
          {ranking.map((source) => (
            <tr key={source.source_name}>
              <td class="number">{source.rank}</td>
              <th scope="row">
                <a href={sourcePath(source.source_name, view)} dir="auto">
                  {source.source_name}
                </a>{' '}
                {source.low_evidence ? <span class="tag tag-warning">low evidence</span> : null}
              </th>
              <td>
                <RankChange rank={source.rank} former={formerRanks.get(source.source_name)} />
              </td>
              <td class="number">{fixed(source.score, 2)}</td>
              <td class="range-cell">
                <ScoreRange {...source} /> {fixed(source.lower, 2)} to {fixed(source.upper, 2)}
              </td>
              <td class="number">{source.releases}</td>
              <td>
                <Instant at={source.last_used} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RankChange({ rank, former }: { rank: number; former: number | undefined }): VNode {
  if (former === undefined) return <span class="quiet">new</span>;
  if (former === rank) return <span class="quiet">unchanged</span>;
  return former > rank ? (
    <span class="change-up">▲ up {former - rank}</span>
  ) : (
    <span class="change-down">▼ down {rank - former}</span>
  );
}

/** One source of stock footage: its place, what each release contributed to it, its clips. */
import type { FastifyInstance } from 'fastify';
import type { VNode } from 'preact';
import { z } from 'zod';
import type { RankedSource } from '../../../analytics/stock-ranking.js';
import { releaseTitles } from '../../../store/releases.js';
import { clipsOfSource, type UsedClip } from '../../../store/stock.js';
import { servicesOf } from '../../access/authentication.js';
import { zodRoutes } from '../../api/route.js';
import type { ServerDependencies } from '../../dependencies.js';
import { Problem } from '../../problems.js';
import { counted, figure, fixed, Instant, percent, ReleaseLink, signed } from '../parts/figures.js';
import { Empty } from '../parts/notices.js';
import { sendWithFreshness } from '../parts/page.js';
import { withQuery } from '../parts/query.js';
import { rankingFields, rankingView, type RankingView } from './ranking-query.js';
import { ScoreRange } from './score-range.js';

const mostClips = 500;

export function registerStockSource(app: FastifyInstance, deps: ServerDependencies): void {
  zodRoutes(app).get(
    '/stock-sources/:name',
    {
      config: { scope: 'read', isPage: true },
      schema: { params: z.object({ name: z.string() }), querystring: z.object(rankingFields) },
    },
    async (request, reply) => {
      const { name } = request.params;
      const view = rankingView(request.query, {
        now: deps.clock.now(),
        halfLifeDays: deps.configuration.STOCK_HALF_LIFE_DAYS,
      });
      const { stock, pool } = servicesOf(request, deps);
      const [ranking, clips] = await Promise.all([
        stock.rankSources({ asOf: view.asOf, halfLifeDays: view.halfLifeDays }),
        clipsOfSource(pool, name),
      ]);
      const source = ranking.find(({ source_name }) => source_name === name) ?? null;
      if (source === null && clips.length === 0)
        throw new Problem(404, `No clip of “${name}” has been used.`);
      const titles = await releaseTitles(
        pool,
        (source?.contributions ?? []).map(({ release_id }) => release_id),
      );
      return sendWithFreshness(request, reply, deps, {
        title: name,
        section: '/stock-sources',
        content: (
          <>
            <p>
              <a href={withQuery('/stock-sources', view.told)}>All stock sources</a>
            </p>
            <h1 dir="auto">{name}</h1>
            {source === null ? (
              <Empty>
                No clip of it had been used by {view.asOf}.{' '}
                <a href={`/stock-sources/${encodeURIComponent(name)}`}>Show it as of today</a>
              </Empty>
            ) : (
              <>
                <Place source={source} of={ranking.length} view={view} />
                <Contributions source={source} titles={titles} />
              </>
            )}
            <Clips clips={clips} />
          </>
        ),
      });
    },
  );
}

function Place({ source, of, view }: { source: RankedSource; of: number; view: RankingView }): VNode {
  const { rank, score, lower, upper, releases, reliability, last_used: lastUsed } = source;
  return (
    <>
      {source.low_evidence ? (
        <p class="notice notice-warning">
          Low evidence: {counted(releases, 'release')} so far, and under five a rank says little.
        </p>
      ) : null}
      <ul class="cards">
        <li class="card">
          <h2>Rank</h2>
          <p class="figure-value">
            {rank} <small>of {of}</small>
          </p>
          <p class="quiet">as of {view.asOf}</p>
        </li>
        <li class="card">
          <h2>Score, 0 to 10</h2>
          <p class="figure-value">{fixed(score, 2)}</p>
          <p class="quiet">
            95 % interval {fixed(lower, 2)} to {fixed(upper, 2)}
          </p>
          <ScoreRange {...source} />
        </li>
        <li class="card">
          <h2>Evidence</h2>
          <p class="figure-value">{counted(releases, 'release')}</p>
          <p class="quiet">
            {percent(reliability, 0)} of the score is its own, the rest what all sources have in common
          </p>
        </li>
        <li class="card">
          <h2>Last used</h2>
          <p class="figure-date">
            <Instant at={lastUsed} />
          </p>
          <p class="quiet">half-life {counted(view.halfLifeDays, 'day')}</p>
        </li>
      </ul>
    </>
  );
}

function Contributions({
  source,
  titles,
}: {
  source: RankedSource;
  titles: ReadonlyMap<number, string>;
}): VNode {
  return (
    <section aria-labelledby="why">
      <h2 id="why">Why it stands there</h2>
      {source.contributions.length === 0 ? (
        <Empty>
          None of its releases has a score yet, so it has the score of all sources together:{' '}
          {fixed(source.prior, 2)}.
        </Empty>
      ) : (
        <div class="table-scroll" tabIndex={0} role="group" aria-label="Contribution of each release">
          <table>
            <caption>
              All sources have {fixed(source.prior, 2)} in common; each release moves this one’s score by its
              effect, after what the other sources in it account for.
            </caption>
            <thead>
              <tr>
                <th scope="col">Release</th>
                <th scope="col">Day of its score</th>
                <th scope="col" class="number">
                  Score
                </th>
                <th scope="col" class="number">
                  Share of clips
                </th>
                <th scope="col" class="number">
                  Left by age
                </th>
                <th scope="col" class="number">
                  Effect, points
                </th>
              </tr>
            </thead>
            <tbody>
              {source.contributions.map((one) => (
                <tr key={one.release_id}>
                  <th scope="row">
                    <ReleaseLink id={one.release_id} title={titles.get(one.release_id)} />
                  </th>
                  <td>{one.event_day}</td>
                  <td class="number">{fixed(one.score, 1)}</td>
                  <td class="number">{percent(one.share, 0)}</td>
                  <td class="number">{fixed(one.decay * 100, 1)} %</td>
                  <td class="number">{signed(one.effect, 3)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Clips({ clips }: { clips: readonly UsedClip[] }): VNode {
  const shown = clips.slice(0, mostClips);
  const different = new Set(clips.map(({ clipId }) => clipId)).size;
  return (
    <section aria-labelledby="clips">
      <h2 id="clips">Clips</h2>
      {clips.length === 0 ? (
        <Empty>No clip of it is to be seen.</Empty>
      ) : (
        <div
          class="table-scroll"
          tabIndex={0}
          role="group"
          aria-label="Clips and the releases they were used in"
        >
          <table>
            <caption>
              {counted(different, 'clip')} in{' '}
              {counted(new Set(clips.map(({ releaseId }) => releaseId)).size, 'release')}
              {shown.length < clips.length ? `; the latest ${figure(mostClips)} uses are shown` : ''}.
            </caption>
            <thead>
              <tr>
                <th scope="col">Clip</th>
                <th scope="col">Release</th>
                <th scope="col">Used</th>
              </tr>
            </thead>
            <tbody>
              {shown.map(({ clipId, releaseId, releaseTitle, usedAt }) => (
                <tr key={`${clipId} ${String(releaseId)}`}>
                  <th scope="row" dir="auto">
                    {clipId}
                  </th>
                  <td>
                    <ReleaseLink id={releaseId} title={releaseTitle} />
                  </td>
                  <td>
                    <Instant at={usedAt} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

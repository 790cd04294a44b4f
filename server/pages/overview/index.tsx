/** The first page: what everything together did, and what asks for attention. */
import type { FastifyInstance } from 'fastify';
import {
  readOverviewAnomalies,
  readOverviewFigures,
  readOverviewMovers,
} from '../../../services/overview.js';
import { listRuns } from '../../../store/runs.js';
import { servicesOf } from '../../access/authentication.js';
import type { ServerDependencies } from '../../dependencies.js';
import { FilterBar } from '../filter-bar.js';
import { comparedDays, readFilter, type FilterQuery } from '../filter.js';
import { readFreshness } from '../freshness.js';
import { Part, readParts } from '../parts/page-parts.js';
import { sendWithFreshness } from '../parts/page.js';
import type { PageContent } from '../shell.js';
import { Figures } from './figures.js';
import { Anomalies, BestSources, FailedRuns, Movers, ThingsToNotice } from './panels.js';

const shownRuns = 5;

export function registerOverview(app: FastifyInstance, deps: ServerDependencies): void {
  app.get('/', { config: { scope: 'read', isPage: true } }, async (request, reply) => {
    const services = servicesOf(request, deps);
    const { pool, stock, cache } = services;
    // Read beside the parts: after a write it is not kept either.
    const freshness = readFreshness(services, deps.clock);
    freshness.catch(() => undefined);
    const read = readFilter(request.query as FilterQuery, { now: deps.clock.now(), firstDay: null });
    const { filter } = read;
    const compared = comparedDays(filter);
    const { from, to, platform } = filter;
    const asked = { from, to, compared, platform };
    const kept = <Told,>(part: string, reading: () => Promise<Told>): Promise<Told> =>
      cache.remember(`overview ${part} ${JSON.stringify(asked)}`, reading);
    const parts = await readParts(request, {
      figures: kept('figures', () => readOverviewFigures(pool, deps.clock, asked)),
      movers: kept('movers', () => readOverviewMovers(pool, deps.clock, asked)),
      anomalies: kept('anomalies', () => readOverviewAnomalies(pool, asked)),
      ranking: stock.rankSources(),
      // Whatever the filter says, these are the same.
      failed: cache.remember('failed runs', () => listRuns(pool, { state: 'failed', limit: shownRuns })),
      things: cache.remember('things to notice', () => deps.demo?.thingsToNotice() ?? Promise.resolve([])),
    });
    const page: PageContent = {
      title: 'Overview',
      section: '/',
      content: (
        <>
          <h1>Overview</h1>
          <FilterBar path="/" read={read} />
          <Part part={parts.figures}>{(told) => <Figures overview={told} read={read} />}</Part>
          <Part part={parts.things}>{(told) => <ThingsToNotice things={told} />}</Part>
          <div class="columns">
            <section class="panel" aria-labelledby="movers">
              <h2 id="movers">{compared === null ? 'What gained most' : 'What moved most'}</h2>
              <Part part={parts.movers}>{(told) => <Movers movers={told} filter={filter} />}</Part>
            </section>
            <section class="panel" aria-labelledby="anomalies">
              <h2 id="anomalies">Latest anomalies</h2>
              <Part part={parts.anomalies}>{(told) => <Anomalies found={told} filter={filter} />}</Part>
            </section>
            <section class="panel" aria-labelledby="sources">
              <h2 id="sources">Stock sources worth drawing from</h2>
              <Part part={parts.ranking}>{(told) => <BestSources ranking={told} />}</Part>
            </section>
            <section class="panel" aria-labelledby="failures">
              <h2 id="failures">Failed runs</h2>
              <Part part={parts.failed}>{(told) => <FailedRuns failed={told} filter={filter} />}</Part>
            </section>
          </div>
        </>
      ),
    };
    return sendWithFreshness(request, reply, deps, page, freshness);
  });
}

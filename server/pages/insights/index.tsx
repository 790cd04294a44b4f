/** What to do next: insights by rank, and how the predictions of earlier ones fared. */
import type { FastifyInstance } from 'fastify';
import type { VNode } from 'preact';
import { z } from 'zod';
import { platforms, type Platform } from '../../../contracts/vocabulary.js';
import {
  InsightService,
  insightStatuses,
  type InsightTrackRecord,
  type ListedInsight,
} from '../../../services/insight-service.js';
import { servicesOf } from '../../access/authentication.js';
import { zodRoutes } from '../../api/route.js';
import type { ServerDependencies } from '../../dependencies.js';
import { wordFor } from '../filter-bar.js';
import { counted, percent } from '../parts/figures.js';
import { Field, Select } from '../parts/form.js';
import { Empty } from '../parts/notices.js';
import { sendWithFreshness } from '../parts/page.js';
import { given, withQuery } from '../parts/query.js';
import { Evidence } from './evidence.js';
import { registerInsight } from './insight.js';
import { PriorityTag, StatusTag } from './tags.js';
import { statusWords, typeWords, worded } from './words.js';

const pageSize = 25;
const mostShown = 500;

const filterFields = z.object({
  status: given(z.enum([...insightStatuses, 'all'])),
  platform: given(z.enum(platforms as [Platform, ...Platform[]])),
  type: given(z.string().max(100)),
  limit: given(z.coerce.number().int().min(1).max(mostShown)),
});
type Filter = z.infer<typeof filterFields>;

export function registerInsights(app: FastifyInstance, deps: ServerDependencies): void {
  zodRoutes(app).get(
    '/insights',
    { config: { scope: 'read', isPage: true }, schema: { querystring: filterFields } },
    async (request, reply) => {
      const filter = request.query;
      const limit = filter.limit ?? pageSize;
      const { pool, cache } = servicesOf(request, deps);
      const service = new InsightService({ db: pool, clock: deps.clock });
      const asked = {
        statuses: statusesOf(filter),
        platforms: filter.platform === undefined ? undefined : [filter.platform],
        types: filter.type === undefined ? undefined : [filter.type],
        limit: limit + 1,
      };
      const [found, record] = await cache.remember(`insights page ${JSON.stringify(asked)}`, () =>
        Promise.all([service.list(asked), service.trackRecord()]),
      );
      const shown = found.slice(0, limit);
      return sendWithFreshness(request, reply, deps, {
        title: 'Insights',
        section: '/insights',
        content: (
          <>
            <h1>Insights</h1>
            <p class="lead">
              Leads from the data, the highest rank first: expected effect × confidence × ease. “Associated
              with” is what they say; <a href="/experiments">an experiment</a> tells more.
            </p>
            <Filters filter={filter} />
            {shown.length === 0 ? <NoInsight filter={filter} /> : <List insights={shown} />}
            {found.length > limit && limit < mostShown ? (
              <p>
                <a href={withQuery('/insights', { ...filter, limit: Math.min(mostShown, limit + pageSize) })}>
                  Show {pageSize} more
                </a>
              </p>
            ) : null}
            <Record record={record} />
          </>
        ),
      });
    },
  );
  registerInsight(app, deps);
}

function statusesOf({ status }: Filter): readonly string[] | undefined {
  if (status === undefined) return undefined;
  return status === 'all' ? insightStatuses : [status];
}

function Filters({ filter }: { filter: Filter }): VNode {
  const platformOptions = Object.fromEntries(platforms.map((platform) => [platform, wordFor(platform)]));
  return (
    <form method="get" action="/insights" class="filters" aria-label="Filter">
      <Field id="status" label="Status">
        <Select
          id="status"
          options={{ '': 'Asking for attention', ...statusWords, all: 'All' }}
          chosen={filter.status}
        />
      </Field>
      <Field id="platform" label="Platform">
        <Select id="platform" options={{ '': 'All', ...platformOptions }} chosen={filter.platform} />
      </Field>
      <Field id="type" label="Type">
        <Select id="type" options={{ '': 'All', ...typeWords }} chosen={filter.type} />
      </Field>
      <button type="submit">Show</button>
      {isFiltered(filter) ? <a href="/insights">Clear</a> : null}
    </form>
  );
}

function isFiltered({ status, platform, type }: Filter): boolean {
  return status !== undefined || platform !== undefined || type !== undefined;
}

function NoInsight({ filter }: { filter: Filter }): VNode {
  return isFiltered(filter) ? (
    <Empty>
      No insight matches. <a href="/insights">Show those that ask for attention</a>
    </Empty>
  ) : (
    <Empty>
      No insight asks for attention. New ones come with the daily analysis; see when in{' '}
      <a href="/schedules">the schedules</a>.
    </Empty>
  );
}

function List({ insights }: { insights: readonly ListedInsight[] }): VNode {
  return (
    <ol class="insights" aria-label="Insights">
      {insights.map((insight) => (
        <li key={insight.id} class="card">
          <p class="tags">
            <PriorityTag priority={insight.priority} />{' '}
            <span class="tag">{worded(typeWords, insight.insight_type)}</span> <StatusTag insight={insight} />
          </p>
          <h2>
            <a href={`/insights/${insight.id}`} dir="auto">
              {insight.title}
            </a>
          </h2>
          <Evidence supporting={insight.data_supporting} releases={null} />
          <p>
            <strong>Predicted:</strong> <span dir="auto">{insight.impact_prediction}</span>
          </p>
          <p class="quiet">Difficulty {insight.implementation_difficulty}</p>
        </li>
      ))}
    </ol>
  );
}

function Record({ record }: { record: InsightTrackRecord }): VNode {
  const rows = [
    { name: 'Accepted', ...record.accepted },
    { name: 'Dismissed, as a control', ...record.dismissed },
  ];
  return (
    <section aria-labelledby="record">
      <h2 id="record">What became of the predictions</h2>
      {record.accepted.checked + record.dismissed.checked === 0 ? (
        <Empty>
          None has been checked yet. That happens once the horizon of a decided insight has passed.
        </Empty>
      ) : (
        <div class="table-scroll" tabIndex={0} role="group" aria-label="Predictions checked">
          <table>
            <caption>Predictions whose time has come, by what had been decided.</caption>
            <thead>
              <tr>
                {['Decision', 'Checked', 'Held', 'In part', 'Missed', 'Cannot tell', 'Share held'].map(
                  (head, index) => (
                    <th key={head} scope="col" class={index === 0 ? undefined : 'number'}>
                      {head}
                    </th>
                  ),
                )}
              </tr>
            </thead>
            <tbody>
              {rows.map(
                ({ name, checked, held, partly, missed, cannot_tell: cannotTell, held_share: heldShare }) => (
                  <tr key={name}>
                    <th scope="row">{name}</th>
                    {[checked, held, partly, missed, cannotTell].map((count, index) => (
                      <td key={index} class="number">
                        {count}
                      </td>
                    ))}
                    <td class="number">
                      {heldShare === null
                        ? '–'
                        : `${percent(heldShare.value, 0)} (${percent(heldShare.low, 0)} to ${percent(heldShare.high, 0)})`}
                    </td>
                  </tr>
                ),
              )}
            </tbody>
          </table>
          <p class="quiet">
            {counted(record.accepted.checked, 'prediction')} of accepted insights; 95 % intervals.
          </p>
        </div>
      )}
    </section>
  );
}

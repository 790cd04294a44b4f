/** What ran, from the ledger, which remembers longer than Temporal does. */
import type { FastifyInstance } from 'fastify';
import type { VNode } from 'preact';
import { z } from 'zod';
import type { RunKind, RunState } from '../../../contracts/runs.js';
import { platforms, type Platform } from '../../../contracts/vocabulary.js';
import { listRunsWithLinks, type ListedRun } from '../../../operations/runs.js';
import { servicesOf } from '../../access/authentication.js';
import { zodRoutes } from '../../api/route.js';
import type { ServerDependencies } from '../../dependencies.js';
import { longIdOr } from '../../long-id.js';
import { wordFor } from '../filter-bar.js';
import { counted, figure, Instant } from '../parts/figures.js';
import { Field, Select } from '../parts/form.js';
import { Empty } from '../parts/notices.js';
import { sendWithFreshness } from '../parts/page.js';
import { given, withQuery } from '../parts/query.js';
import { registerBackfills } from './backfills.js';
import { registerRun } from './run.js';
import { registerSchedules } from './schedules.js';
import { kindWords, tookOf } from './run-words.js';
import { StateTag } from './state-tag.js';
import { WorkTabs } from './work-tabs.js';

const pageSize = 50;
const states: [RunState, ...RunState[]] = ['running', 'succeeded', 'partial', 'failed', 'cancelled'];
const kinds = Object.keys(kindWords) as [RunKind, ...RunKind[]];

const filterFields = z.object({
  state: given(z.enum(states)),
  kind: given(z.enum(kinds)),
  platform: given(z.enum(platforms as [Platform, ...Platform[]])),
  /** The last run of the page before, by its number. */
  before: given(longIdOr('is no place in the list')),
});
type Filter = z.infer<typeof filterFields>;

export function registerRuns(app: FastifyInstance, deps: ServerDependencies): void {
  zodRoutes(app).get(
    '/runs',
    { config: { scope: 'read', isPage: true }, schema: { querystring: filterFields } },
    async (request, reply) => {
      const filter = request.query;
      const { pool } = servicesOf(request, deps);
      const found = await listRunsWithLinks(
        { pool, ui: deps.ui },
        { ...placeOf(filter), limit: pageSize + 1 },
      );
      const shown = found.slice(0, pageSize);
      const last = shown.at(-1);
      return sendWithFreshness(request, reply, deps, {
        title: 'Runs',
        section: '/runs',
        content: (
          <>
            <h1>Runs</h1>
            <WorkTabs here="/runs" />
            <Filters filter={filter} />
            {shown.length === 0 ? (
              <NoRun filter={filter} />
            ) : (
              <RunTable runs={shown} now={deps.clock.now()} />
            )}
            {found.length > pageSize && last !== undefined ? (
              <p>
                <a
                  href={withQuery('/runs', {
                    ...filter,
                    before: last.id,
                  })}
                >
                  Earlier runs
                </a>
              </p>
            ) : null}
          </>
        ),
      });
    },
  );
  registerRun(app, deps);
  registerSchedules(app, deps);
  registerBackfills(app, deps);
}

function placeOf({
  state,
  kind,
  platform,
  before,
}: Filter): NonNullable<Parameters<typeof listRunsWithLinks>[1]> {
  return {
    ...(state === undefined ? {} : { state }),
    ...(kind === undefined ? {} : { kind }),
    ...(platform === undefined ? {} : { platform }),
    ...(before === undefined ? {} : { beforeId: before }),
  };
}

function isFiltered({ state, kind, platform }: Filter): boolean {
  return state !== undefined || kind !== undefined || platform !== undefined;
}

function Filters({ filter }: { filter: Filter }): VNode {
  const words = (
    values: readonly string[],
    called = (value: string): string => value,
  ): Record<string, string> =>
    Object.fromEntries([['', 'All'], ...values.map((value) => [value, called(value)])]) as Record<
      string,
      string
    >;
  return (
    <form method="get" action="/runs" class="filters" aria-label="Filter">
      <Field id="state" label="State">
        <Select id="state" options={words(states)} chosen={filter.state} />
      </Field>
      <Field id="kind" label="Kind">
        <Select id="kind" options={{ '': 'All', ...kindWords }} chosen={filter.kind} />
      </Field>
      <Field id="platform" label="Platform">
        <Select id="platform" options={words(platforms, wordFor)} chosen={filter.platform} />
      </Field>
      <button type="submit">Show</button>
      {isFiltered(filter) ? <a href="/runs">Clear</a> : null}
    </form>
  );
}

function NoRun({ filter }: { filter: Filter }): VNode {
  if (filter.before !== undefined)
    return (
      <Empty>
        Nothing ran before that. <a href="/runs">Show the latest</a>
      </Empty>
    );
  return isFiltered(filter) ? (
    <Empty>
      No run matches. <a href="/runs">Show all</a>
    </Empty>
  ) : (
    <Empty>
      Nothing has run yet. The schedules start runs by themselves; <a href="/schedules">see when</a>.
    </Empty>
  );
}

function RunTable({ runs, now }: { runs: readonly ListedRun[]; now: Date }): VNode {
  return (
    <div class="table-scroll" tabIndex={0} role="group" aria-label="Runs">
      <table>
        <caption>{counted(runs.length, 'run')}, the latest first; times in UTC.</caption>
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">What</th>
            <th scope="col">State</th>
            <th scope="col">Started</th>
            <th scope="col" class="number">
              Took
            </th>
            <th scope="col" class="number">
              Rows new or changed
            </th>
            <th scope="col">Temporal</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id}>
              <td>
                <a href={`/runs/${run.id}`}>{run.id}</a>
              </td>
              <th scope="row">
                {kindWords[run.kind]}
                <span class="under">{run.workflowId}</span>
              </th>
              <td>
                <StateTag state={run.state} />
                {run.failureKind === null ? null : <span class="under">{run.failureKind}</span>}
                {run.warnings.length === 0 ? null : (
                  <span class="under">{counted(run.warnings.length, 'warning')}</span>
                )}
              </td>
              <td>
                <Instant at={run.startedAt} />
              </td>
              <td class="number">{tookOf(run, now)}</td>
              <td class="number">{figure((run.counts.inserted ?? 0) + (run.counts.updated ?? 0))}</td>
              <td>
                {run.url === null ? (
                  <span class="quiet">–</span>
                ) : (
                  <a href={run.url}>
                    Open<span class="visually-hidden"> run {run.id} in Temporal’s UI</span>
                  </a>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

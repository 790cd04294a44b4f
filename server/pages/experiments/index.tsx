/** A/B experiments: what runs, what was decided, and what was closed without a decision. */
import type { FastifyInstance } from 'fastify';
import type { VNode } from 'preact';
import { z } from 'zod';
import type { ToldExperiment } from '../../../services/experiment-models.js';
import { ExperimentService } from '../../../services/experiments.js';
import { listArtists } from '../../../store/artists.js';
import { servicesOf } from '../../access/authentication.js';
import { zodRoutes } from '../../api/route.js';
import type { ServerDependencies } from '../../dependencies.js';
import { figure, Instant } from '../parts/figures.js';
import { Field, Select } from '../parts/form.js';
import { Allowed, Empty } from '../parts/notices.js';
import { sendWithFreshness } from '../parts/page.js';
import { given, withQuery } from '../parts/query.js';
import { viewerOf } from '../parts/viewer.js';
import { registerDefinition } from './define.js';
import { registerExperiment } from './experiment.js';
import { statusWords } from './words.js';

const pageSize = 50;

const filterFields = z.object({
  status: given(z.enum(['running', 'decided', 'closed'])),
  before: given(z.coerce.number().int().min(1).max(2_147_483_647)),
});

export function registerExperiments(app: FastifyInstance, deps: ServerDependencies): void {
  zodRoutes(app).get(
    '/experiments',
    { config: { scope: 'read', isPage: true }, schema: { querystring: filterFields } },
    async (request, reply) => {
      const { status, before } = request.query;
      const { pool } = servicesOf(request, deps);
      const [found, artists] = await Promise.all([
        new ExperimentService({ pool, clock: deps.clock }).list({
          status,
          beforeId: before,
          limit: pageSize + 1,
        }),
        listArtists(pool),
      ]);
      const shown = found.slice(0, pageSize);
      const names = new Map(artists.map(({ id, name }) => [id, name]));
      return sendWithFreshness(request, reply, deps, {
        title: 'Experiments',
        section: '/insights',
        content: (
          <>
            <p>
              <a href="/insights">Insights</a>
            </p>
            <h1>Experiments</h1>
            <p class="lead">
              A/B tests of variants against a control. An insight says what goes together; an experiment says
              whether a change makes a difference.
            </p>
            <Allowed viewer={viewerOf(request)} scope="write" to="define experiments">
              <p>
                <a href="/experiments/new" class="button">
                  Define an experiment
                </a>
              </p>
            </Allowed>
            <form method="get" action="/experiments" class="filters" aria-label="Filter">
              <Field id="status" label="Status">
                <Select id="status" options={{ '': 'All', ...statusWords }} chosen={status} />
              </Field>
              <button type="submit">Show</button>
              {status === undefined ? null : <a href="/experiments">Clear</a>}
            </form>
            {shown.length > 0 ? (
              <List experiments={shown} artists={names} />
            ) : (
              <None isFiltered={status !== undefined || before !== undefined} />
            )}
            {found.length > pageSize ? (
              <p>
                <a href={withQuery('/experiments', { status, before: shown.at(-1)?.id })}>Older ones</a>
              </p>
            ) : null}
          </>
        ),
      });
    },
  );
  registerDefinition(app, deps);
  registerExperiment(app, deps);
}

function None({ isFiltered }: { isFiltered: boolean }): VNode {
  return isFiltered ? (
    <Empty>
      No experiment matches. <a href="/experiments">Show all</a>
    </Empty>
  ) : (
    <Empty>
      There is no experiment yet. An <a href="/insights">insight</a> that is worth a test is a good first one.
    </Empty>
  );
}

function List({
  experiments,
  artists,
}: {
  experiments: readonly ToldExperiment[];
  artists: ReadonlyMap<number, string>;
}): VNode {
  return (
    <div class="table-scroll" tabIndex={0} role="group" aria-label="Experiments">
      <table>
        <caption>The newest first.</caption>
        <thead>
          <tr>
            <th scope="col">Experiment</th>
            <th scope="col">Status</th>
            <th scope="col">Artist</th>
            <th scope="col">Metric</th>
            <th scope="col">Variants, the control first</th>
            <th scope="col" class="number">
              Planned a variant
            </th>
            <th scope="col">Started</th>
            <th scope="col">Decision</th>
          </tr>
        </thead>
        <tbody>
          {experiments.map((test) => (
            <tr key={test.id}>
              <th scope="row">
                <a href={`/experiments/${String(test.id)}`} dir="auto">
                  {test.name}
                </a>
              </th>
              <td>
                <span class="tag">{statusWords[test.status]}</span>
              </td>
              <td dir="auto">{artists.get(test.artist_id) ?? ''}</td>
              <td>{test.metric}</td>
              <td dir="auto">{test.variants.map(({ name }) => name).join(', ')}</td>
              <td class="number">{figure(test.planned_per_variant)}</td>
              <td>
                <Instant at={test.started_at} />
              </td>
              <td dir="auto">{test.decision ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

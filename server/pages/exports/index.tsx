/** Exports: the file at once, or made in the background and fetched until it expires. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { VNode } from 'preact';
import { listExports, requestExport } from '../../../services/exports/background-exports.js';
import type { ExportView } from '../../../services/exports/export-view.js';
import { principalOfRequest, servicesOf } from '../../access/authentication.js';
import { zodRoutes } from '../../api/route.js';
import type { ServerDependencies } from '../../dependencies.js';
import { exportDeps, mostRowsAtOnce, sendExportAtOnce } from '../../export-files.js';
import { tellProblem, type ToldProblem } from '../../problems.js';
import { figure, Instant } from '../parts/figures.js';
import { act, formBody } from '../parts/form.js';
import { Allowed, Empty, Refusal } from '../parts/notices.js';
import { sendWithFreshness } from '../parts/page.js';
import { viewerOf } from '../parts/viewer.js';
import { datasetWords, ExportForm } from './export-form.js';
import { exportFields, exportQuery, exportRequest, type ExportQuery } from './export-query.js';
import { registerMadeExport, stateOf } from './made-export.js';
import { StateTag } from '../runs/state-tag.js';

const shownExports = 20;

export function registerExportPages(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  routes.get(
    '/exports',
    { config: { scope: 'read', isPage: true }, schema: { querystring: exportQuery } },
    (request, reply) => sendExports(request, reply, deps, request.query, null),
  );
  routes.get(
    '/exports/now',
    { config: { scope: 'read', isPage: true }, schema: { querystring: exportQuery } },
    async (request, reply) => {
      try {
        return await sendExportAtOnce(request, reply, deps, exportRequest(request.query));
      } catch (error) {
        const problem = tellProblem(error);
        if (problem.status >= 500) throw error;
        return sendExports(request, reply, deps, request.query, inWordsOfThePage(problem));
      }
    },
  );
  routes.post(
    '/exports',
    { config: { scope: 'write', isPage: true }, schema: { body: formBody(exportFields) } },
    (request, reply) => {
      const { artists, actor } = principalOfRequest(request);
      return act(
        request,
        reply,
        deps,
        async (requestName) => {
          const { starter } = await deps.operations(artists);
          const asked = exportRequest(request.body);
          const made = { ...exportDeps(deps, artists), starter };
          const { export_id } = await requestExport(made, asked, actor, requestName);
          return { to: `/exports/${export_id}`, word: 'The export is being made.' };
        },
        (problem) => sendExports(request, reply, deps, request.body, problem),
      );
    },
  );
  registerMadeExport(app, deps);
}

/** The refusal of a file that is too large names the button, and not the API's way. */
function inWordsOfThePage(problem: ToldProblem): ToldProblem {
  if (problem.status !== 413) return problem;
  const limit = figure(mostRowsAtOnce);
  return { ...problem, detail: `It has more than ${limit} rows. Have it made in the background.` };
}

async function sendExports(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: ServerDependencies,
  told: ExportQuery,
  refusal: ToldProblem | null,
): Promise<FastifyReply> {
  const { pool } = servicesOf(request, deps);
  const made = await listExports({ pool }, { limit: shownExports });
  const viewer = viewerOf(request);
  return sendWithFreshness(request, reply, deps, {
    title: 'Exports',
    section: null,
    status: refusal?.status ?? 200,
    content: (
      <>
        <h1>Exports</h1>
        <p class="lead">
          Figures as a file: up to {figure(mostRowsAtOnce)} rows at once, more of them in the background.
        </p>
        <Refusal problem={refusal} />
        <ExportForm told={told} viewer={viewer} />
        <Allowed viewer={viewer} scope="write" to="have exports made in the background">
          <></>
        </Allowed>
        <section aria-labelledby="made">
          <h2 id="made">Made in the background</h2>
          {made.length === 0 ? (
            <Empty>None yet. A file that was made stays for a day, unless set otherwise.</Empty>
          ) : (
            <MadeExports made={made} now={deps.clock.now()} />
          )}
        </section>
      </>
    ),
  });
}

function MadeExports({ made, now }: { made: readonly ExportView[]; now: Date }): VNode {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Exports made in the background">
      <table>
        <caption>The latest {made.length}, the newest first.</caption>
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col">What</th>
            <th scope="col">State</th>
            <th scope="col" class="number">
              Rows
            </th>
            <th scope="col">Asked for</th>
            <th scope="col">Expires</th>
          </tr>
        </thead>
        <tbody>
          {made.map((one) => (
            <tr key={one.export_id}>
              <th scope="row">
                <a href={`/exports/${one.export_id}`}>{one.file_name}</a>
              </th>
              <td>{datasetWords[one.dataset]}</td>
              <td>
                <StateTag state={stateOf(one, now)} />
              </td>
              <td class="number">{figure(one.rows)}</td>
              <td>
                <Instant at={one.created_at} />
              </td>
              <td>
                <Instant at={one.expires_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** One export of the background: how far it is, and its file until the link to it expires. */
import type { FastifyInstance } from 'fastify';
import type { VNode } from 'preact';
import { z } from 'zod';
import { openSeenExport, showExport } from '../../../services/exports/background-exports.js';
import type { ExportView } from '../../../services/exports/export-view.js';
import { principalOfRequest, servicesOf } from '../../access/authentication.js';
import { zodRoutes } from '../../api/route.js';
import type { ServerDependencies } from '../../dependencies.js';
import { exportDeps, sendExportFile } from '../../export-files.js';
import { longIdOr } from '../../long-id.js';
import { wordFor } from '../filter-bar.js';
import { figure, Instant } from '../parts/figures.js';
import { sendWithFreshness } from '../parts/page.js';
import { given } from '../parts/query.js';
import { StateTag } from '../runs/state-tag.js';
import { datasetWords } from './export-form.js';

const params = z.object({ id: longIdOr('is no number of an export') });
const renewSeconds = 2;

export function registerMadeExport(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  const config = { scope: 'read', isPage: true } as const;
  routes.get(
    '/exports/:id',
    { config, schema: { params, querystring: z.object({ live: given(z.literal('1')) }) } },
    async (request, reply) => {
      if (request.query.live === '1') void reply.header('refresh', String(renewSeconds));
      const { pool } = servicesOf(request, deps);
      const made = await showExport({ pool }, request.params.id);
      return sendWithFreshness(request, reply, deps, {
        title: `Export ${made.export_id}`,
        section: null,
        content: <MadeExport made={made} now={deps.clock.now()} />,
      });
    },
  );
  routes.get('/exports/:id/file', { config, schema: { params } }, async (request, reply) => {
    const { artists } = principalOfRequest(request);
    const opened = await openSeenExport(exportDeps(deps, artists), request.params.id);
    void reply.header('content-length', opened.bytes);
    return sendExportFile(reply, opened);
  });
}

/** A file that is ready stands only until its link expires. */
export function stateOf({ state, expires_at }: ExportView, now: Date): string {
  return state === 'ready' && new Date(expires_at) <= now ? 'expired' : state;
}

function MadeExport({ made, now }: { made: ExportView; now: Date }): VNode {
  const path = `/exports/${made.export_id}`;
  const state = stateOf(made, now);
  const isLive = state === 'waiting' || state === 'running';
  return (
    <>
      <p>
        <a href="/exports">All exports</a>
      </p>
      <h1>{made.file_name}</h1>
      <div id="live" data-live={isLive ? String(renewSeconds) : undefined}>
        <p class="tags">
          <StateTag state={state} />
        </p>
        <dl class="facts">
          <Fact name="What">{datasetWords[made.dataset]}</Fact>
          <Fact name="Platforms">
            {made.platforms === null ? 'all' : made.platforms.map(wordFor).join(', ')}
          </Fact>
          <Fact name="Rows">{`${figure(made.rows)}${isLive ? ' so far' : ''}`}</Fact>
          <Fact name="Size">{made.bytes === null ? '–' : `${figure(made.bytes)} bytes`}</Fact>
          <Fact name="Asked for by">{made.requested_by}</Fact>
          <Fact name="Asked for">
            <Instant at={made.created_at} />
          </Fact>
          <Fact name="Run">
            {made.run_id === null ? '–' : <a href={`/runs/${made.run_id}`}>run {made.run_id}</a>}
          </Fact>
        </dl>
        <Outcome made={made} state={state} path={path} />
      </div>
      {isLive ? (
        <noscript>
          <p>
            <a href={`${path}?live=1`}>Renew this page every {renewSeconds} seconds</a>
          </p>
        </noscript>
      ) : null}
    </>
  );
}

function Fact({ name, children }: { name: string; children: VNode | string | number }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Outcome({ made, state, path }: { made: ExportView; state: string; path: string }): VNode | null {
  switch (state) {
    case 'ready':
      return (
        <p class="downloads">
          <a href={`${path}/file`} download>
            Download {made.file_name}
          </a>{' '}
          <span class="quiet">
            until <Instant at={made.expires_at} />
          </span>
        </p>
      );
    case 'expired':
      return (
        <p class="notice notice-warning">
          The file has expired. <a href={`/exports?dataset=${made.dataset}`}>Export again</a>
        </p>
      );
    case 'failed':
      return (
        <p class="notice notice-failure">
          <strong>It could not be made.</strong> {made.failure} <a href="/exports">Export again</a>
        </p>
      );
    default:
      return null;
  }
}

/** Rows that could not be taken: mended field by field and loaded after all, or let be. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { dismissQuarantined, replayQuarantined } from '../../../services/replay-quarantine.js';
import { listQuarantined } from '../../../store/quarantine.js';
import { requireWholeView } from '../../api/v1/whole-view.js';
import { principalOfRequest, servicesOf } from '../../access/authentication.js';
import { zodRoutes } from '../../api/route.js';
import type { ServerDependencies } from '../../dependencies.js';
import { longIdOr } from '../../long-id.js';
import { Problem, type ToldProblem } from '../../problems.js';
import { act, formBody, optionalText } from '../parts/form.js';
import { Refusal } from '../parts/notices.js';
import { sendWithFreshness } from '../parts/page.js';
import { given } from '../parts/query.js';
import { viewerOf } from '../parts/viewer.js';
import { AddDataTabs } from './add-data-tabs.js';
import { fieldPrefix, QuarantinedRows, type TypedFields } from './quarantine-view.js';
import { AllowedToAll } from './whole-view.js';

const shown = 20;
const rowId = longIdOr('is no row’s number');
const params = z.object({ id: rowId });

interface Asked {
  /** Rows with a greater id. */
  after: string | undefined;
  typed: TypedFields | null;
}

export function registerQuarantine(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  routes.get(
    '/add-data/quarantine',
    {
      config: { scope: 'read', isPage: true },
      schema: { querystring: z.object({ after: given(rowId) }) },
    },
    (request, reply) =>
      sendQuarantine(request, reply, deps, { after: request.query.after, typed: null }, null),
  );
  const config = { scope: 'write', isPage: true } as const;
  routes.post(
    '/add-data/quarantine/:id/replay',
    { config, schema: { params, body: formBody({}).catchall(z.string().max(2_000)) } },
    (request, reply) => {
      const { id } = request.params;
      const set = Object.fromEntries(
        Object.entries(request.body).flatMap(([name, value]) =>
          name.startsWith(fieldPrefix) && value !== undefined
            ? [[name.slice(fieldPrefix.length), value] as const]
            : [],
        ),
      );
      return act(
        request,
        reply,
        deps,
        async () => {
          requireWholeView(request, 'A row that was set aside');
          const { refused, run_id: runId } = await replayQuarantined(
            { pool: deps.upkeepPool, clock: deps.clock },
            { id, set, by: viewerOf(request).actor },
          );
          if (refused !== null) {
            const detail = `Row ${id} is still no good: ${refused.field ?? 'the line'} ${refused.reason}.`;
            throw new Problem(422, detail, [{ pointer: `/${refused.field ?? ''}`, detail: refused.reason }]);
          }
          const word =
            runId === null ? `Row ${id} was loaded before.` : `Row ${id} was loaded by run ${runId}.`;
          return { to: '/add-data/quarantine', word };
        },
        (problem) => sendQuarantine(request, reply, deps, { after: before(id), typed: { id, set } }, problem),
      );
    },
  );
  routes.post(
    '/add-data/quarantine/:id/dismiss',
    { config, schema: { params, body: formBody({ note: optionalText }) } },
    (request, reply) => {
      const { id } = request.params;
      return act(
        request,
        reply,
        deps,
        async () => {
          requireWholeView(request, 'A row that was set aside');
          const { pool: db } = servicesOf(request, deps);
          const dismissed = await dismissQuarantined(
            { db, clock: deps.clock },
            { id, by: viewerOf(request).actor, note: request.body.note },
          );
          const word = dismissed ? `Row ${id} is let be.` : `Row ${id} was let be before.`;
          return { to: '/add-data/quarantine', word };
        },
        (problem) => sendQuarantine(request, reply, deps, { after: before(id), typed: null }, problem),
      );
    },
  );
}

/** So that a page begins with the row itself. */
function before(id: string): string {
  return String(BigInt(id) - 1n);
}

async function sendQuarantine(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: ServerDependencies,
  { after, typed }: Asked,
  problem: ToldProblem | null,
): Promise<FastifyReply> {
  const { pool } = servicesOf(request, deps);
  const viewer = viewerOf(request);
  const open = await listQuarantined(pool, { state: 'open', afterId: after, limit: shown + 1 });
  return sendWithFreshness(request, reply, deps, {
    title: 'Rows set aside',
    section: '/add-data',
    status: problem?.status ?? 200,
    content: (
      <>
        <h1>Rows set aside</h1>
        <AddDataTabs here="/add-data/quarantine" />
        <p class="lead">
          Rows of imports that could not be taken. Mend a field and the row is loaded as its file was; or let
          it be, and it is kept without asking to be looked at.
        </p>
        <Refusal problem={problem} />
        <AllowedToAll request={request} to="mend rows that were set aside">
          {null}
        </AllowedToAll>
        <QuarantinedRows
          rows={open.slice(0, shown)}
          next={open.length > shown ? open[shown - 1]!.id : undefined}
          mender={viewer.may('write') && principalOfRequest(request).artists === 'all' ? viewer : null}
          typed={typed}
        />
      </>
    ),
  });
}

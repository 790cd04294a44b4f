/** Values told by hand: looked at before they count, written in somebody's name, and taken back. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { platforms, type Platform } from '../../../contracts/vocabulary.js';
import {
  enterValue,
  previewEntry,
  recentEntries,
  undoEntry,
  type EntryPreview,
} from '../../../services/data-entry.js';
import { listMetrics } from '../../../store/entry-context.js';
import { inTransaction } from '../../../store/queryable.js';
import { searchReleases } from '../../../store/release-search.js';
import { showRelease } from '../../../store/releases.js';
import { servicesOf } from '../../access/authentication.js';
import { zodRoutes } from '../../api/route.js';
import type { ServerDependencies } from '../../dependencies.js';
import { longIdOr } from '../../long-id.js';
import { tellProblem, type ToldProblem } from '../../problems.js';
import { wordFor } from '../filter-bar.js';
import { figure } from '../parts/figures.js';
import { act, formBody } from '../parts/form.js';
import { instantOf, localTime } from '../parts/moment.js';
import { Allowed, Refusal } from '../parts/notices.js';
import { sendWithFreshness } from '../parts/page.js';
import { given } from '../parts/query.js';
import { viewerOf } from '../parts/viewer.js';
import { AddDataTabs } from './add-data-tabs.js';
import { Entries } from './entries.js';
import { EntryForm, type EntryFields } from './entry-form.js';
import { Preview } from './preview.js';
import { registerQuarantine } from './quarantine.js';
import { ReleasePicker } from './release-picker.js';
import { registerUnlinked } from './unlinked.js';
import { registerUploads } from './uploads.js';

const found = 20;
const shownEntries = 20;
const mostReleaseId = 2_147_483_647;

const entryFields = {
  platform: z.enum(platforms as [Platform, ...Platform[]]),
  metric: z.string().trim().min(1, 'a metric has a name').max(200),
  value: z.coerce.number(),
  at: z.string().max(40),
  zone: z.string().max(60),
};
const query = z.object({
  q: given(z.string().max(200)),
  release: given(z.coerce.number().int().positive().max(mostReleaseId)),
  platform: given(z.string().max(40)),
  metric: given(z.string().max(200)),
  value: given(z.string().max(60)),
  at: given(z.string().max(40)),
  zone: given(z.string().max(60)),
  step: given(z.literal('preview')),
});
type Asked = z.infer<typeof query>;

export function registerAddData(app: FastifyInstance, deps: ServerDependencies): void {
  registerUploads(app, deps);
  registerUnlinked(app, deps);
  registerQuarantine(app, deps);
  const routes = zodRoutes(app);
  routes.get(
    '/add-data',
    { config: { scope: 'read', isPage: true }, schema: { querystring: query } },
    (request, reply) => sendAddData(request, reply, deps, request.query, null),
  );
  const config = { scope: 'write', isPage: true } as const;
  routes.post(
    '/add-data',
    {
      config,
      schema: {
        body: formBody({ ...entryFields, release: z.coerce.number().int().positive().max(mostReleaseId) }),
      },
    },
    (request, reply) => {
      const { release, platform, metric, value, at, zone } = request.body;
      return act(
        request,
        reply,
        deps,
        async () => {
          const told = {
            ...{ release_id: release, platform, metric_name: metric, metric_value: value },
            recorded_at: instantOf(at, zone),
          };
          const { pool } = servicesOf(request, deps);
          const { entry, is_new: isNew } = await inTransaction(pool, (client) =>
            enterValue(client, told, viewerOf(request).actor),
          );
          const what = `${figure(entry.metric_value, 3)} ${metric} on ${wordFor(platform)}`;
          return {
            to: `/add-data?release=${String(release)}`,
            word: isNew ? `Entered: ${what}.` : `${what} stood there already; nothing has changed.`,
          };
        },
        (problem) =>
          sendAddData(
            request,
            reply,
            deps,
            { release, platform, metric, value: String(value), at, zone, step: 'preview' },
            problem,
          ),
      );
    },
  );
  routes.post(
    '/add-data/entries/:id/undo',
    {
      config,
      schema: {
        params: z.object({ id: longIdOr('is no entry’s number') }),
        body: formBody({}),
      },
    },
    (request, reply) =>
      act(
        request,
        reply,
        deps,
        async () => {
          const { pool } = servicesOf(request, deps);
          const { entry, effective } = await inTransaction(pool, (client) =>
            undoEntry(client, request.params.id, viewerOf(request).actor),
          );
          const now =
            effective === null
              ? 'nothing is known of that moment any more'
              : `${figure(effective.metric_value, 3)} counts now (${effective.source})`;
          return {
            to: '/add-data',
            word: `Taken back: ${figure(entry.metric_value, 3)} ${entry.metric_name}; ${now}.`,
          };
        },
        (problem) => sendAddData(request, reply, deps, {}, problem),
      ),
  );
}

async function sendAddData(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: ServerDependencies,
  asked: Asked,
  refused: ToldProblem | null,
): Promise<FastifyReply> {
  const { pool } = servicesOf(request, deps);
  const viewer = viewerOf(request);
  const words = asked.q?.split(/\s+/).filter((word) => word !== '') ?? [];
  const [release, releases, metrics, entries] = await Promise.all([
    asked.release === undefined ? null : showRelease(pool, asked.release),
    asked.release === undefined ? searchReleases(pool, { words, after: null, limit: found + 1 }) : [],
    listMetrics(pool),
    recentEntries(pool, { limit: shownEntries }),
  ]);
  const zone = asked.zone ?? 'UTC';
  const fields: EntryFields = {
    ...{ platform: asked.platform ?? '', metric: asked.metric ?? '', value: asked.value ?? '' },
    ...{ at: asked.at ?? localTime(deps.clock.now(), 'UTC'), zone },
  };
  const looked =
    asked.step === 'preview' && asked.release !== undefined
      ? await lookAt(asked.release, fields, (told) => previewEntry({ db: pool, clock: deps.clock }, told))
      : null;
  const problem = refused ?? looked?.problem ?? null;
  return sendWithFreshness(request, reply, deps, {
    title: 'Add data',
    section: '/add-data',
    status: problem?.status ?? 200,
    content: (
      <>
        <h1>Add data</h1>
        <AddDataTabs here="/add-data" />
        <p class="lead">
          A value that no platform tells, or tells wrongly. It is looked at first, counts more than what was
          collected, and can be taken back.
        </p>
        <Refusal problem={problem} />
        <Allowed viewer={viewer} scope="write" to="enter values">
          {release === null ? (
            <ReleasePicker
              releases={releases.slice(0, found)}
              hasMore={releases.length > found}
              words={asked.q ?? ''}
            />
          ) : (
            <>
              <EntryForm release={release} metrics={metrics} fields={fields} />
              {looked?.preview == null ? null : (
                <Preview preview={looked.preview} fields={fields} title={release.title} viewer={viewer} />
              )}
            </>
          )}
        </Allowed>
        <Entries entries={entries} viewer={viewer} />
      </>
    ),
  });
}

/** A look at what was told, or what keeps it from being one. */
async function lookAt(
  releaseId: number,
  fields: EntryFields,
  look: (told: Parameters<typeof previewEntry>[1]) => Promise<EntryPreview>,
): Promise<{ preview: EntryPreview | null; problem: ToldProblem | null }> {
  try {
    const { platform, metric, value, at, zone } = z.object(entryFields).parse(fields);
    const told = { release_id: releaseId, platform, metric_name: metric, metric_value: value };
    return { preview: await look({ ...told, recorded_at: instantOf(at, zone) }), problem: null };
  } catch (error) {
    if (error instanceof z.ZodError) {
      const errors = error.issues.map(({ path, message }) => ({
        pointer: `/${path.join('/')}`,
        detail: message,
      }));
      const detail = errors.map(({ pointer, detail: why }) => `${pointer.slice(1)}: ${why}`).join('; ');
      return { preview: null, problem: { status: 400, title: 'The request is wrong', detail, errors } };
    }
    const problem = tellProblem(error);
    if (problem.status >= 500) throw error;
    return { preview: null, problem };
  }
}

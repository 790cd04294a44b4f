/** Contents that belong to no release yet: each is led to its release, with a look before. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { VNode } from 'preact';
import { z } from 'zod';
import { linkContentToRelease, previewLink } from '../../../services/link-content.js';
import { findContent, listContents } from '../../../store/content-list.js';
import { StoreError } from '../../../store/errors.js';
import { inTransaction } from '../../../store/queryable.js';
import { searchReleases } from '../../../store/release-search.js';
import { servicesOf } from '../../access/authentication.js';
import { zodRoutes } from '../../api/route.js';
import type { ServerDependencies } from '../../dependencies.js';
import type { ToldProblem } from '../../problems.js';
import { act, formBody } from '../parts/form.js';
import { Allowed, Refusal } from '../parts/notices.js';
import { sendWithFreshness } from '../parts/page.js';
import { given } from '../parts/query.js';
import { viewerOf } from '../parts/viewer.js';
import { AddDataTabs } from './add-data-tabs.js';
import { LinkChoice, LinkLook, UnlinkedList } from './unlinked-view.js';

const shown = 50;
const found = 20;
const releaseId = z.coerce.number().int().positive().max(2_147_483_647);
const contentKey = z.string().min(1).max(600);
const query = z.object({
  /** Looked for among the contents; among the releases once a content is chosen. */
  q: given(z.string().max(200)),
  after: given(z.coerce.number().int().nonnegative().max(2_147_483_647)),
  content: given(contentKey),
  release: given(releaseId),
});
type Asked = z.infer<typeof query>;

export function registerUnlinked(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  routes.get(
    '/add-data/unlinked',
    { config: { scope: 'read', isPage: true }, schema: { querystring: query } },
    (request, reply) => sendUnlinked(request, reply, deps, request.query, null),
  );
  routes.post(
    '/add-data/unlinked/link',
    {
      config: { scope: 'write', isPage: true },
      schema: { body: formBody({ content: contentKey, release: releaseId }) },
    },
    (request, reply) => {
      const { content: key, release } = request.body;
      return act(
        request,
        reply,
        deps,
        async () => {
          const { pool } = servicesOf(request, deps);
          const { content, changed } = await inTransaction(pool, (client) =>
            linkContentToRelease(client, key, release),
          );
          const what = `${content.content_id} ${changed ? 'belongs' : 'belonged before'} to “${content.release_title ?? ''}”`;
          return { to: '/add-data/unlinked', word: `${what}${changed ? ' now' : ''}.` };
        },
        (problem) => sendUnlinked(request, reply, deps, { content: key, release }, problem),
      );
    },
  );
}

async function sendUnlinked(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: ServerDependencies,
  asked: Asked,
  problem: ToldProblem | null,
): Promise<FastifyReply> {
  const { pool } = servicesOf(request, deps);
  const viewer = viewerOf(request);
  const { q, after, content: key, release } = asked;
  const send = (content: VNode): Promise<FastifyReply> =>
    sendWithFreshness(request, reply, deps, {
      title: 'Unlinked contents',
      section: '/add-data',
      status: problem?.status ?? 200,
      content: (
        <>
          <h1>Unlinked contents</h1>
          <AddDataTabs here="/add-data/unlinked" />
          <p class="lead">Their figures are collected, and count for no release until they are linked.</p>
          <Refusal problem={problem} />
          {content}
        </>
      ),
    });
  if (key === undefined) {
    const contents = await listContents(pool, { linked: false, search: q, after, limit: shown + 1 });
    const rows = contents.slice(0, shown);
    const next = contents.length > shown ? rows.at(-1)!.id : undefined;
    return send(<UnlinkedList contents={rows} words={q} next={next} viewer={viewer} />);
  }
  if (release !== undefined && viewer.may('write')) {
    const look = await previewLink(pool, key, release);
    return send(<LinkLook {...look} viewer={viewer} />);
  }
  const content = await findContent(pool, key);
  if (content === null)
    throw new StoreError('notFound', `Content ${key} does not exist, or is not to be seen`);
  const words = q?.split(/\s+/).filter((word) => word !== '') ?? [];
  const releases = await searchReleases(pool, { words, after: null, limit: found + 1 });
  return send(
    <Allowed viewer={viewer} scope="write" to="link contents">
      <LinkChoice
        content={content}
        releases={releases.slice(0, found)}
        hasMore={releases.length > found}
        words={q ?? ''}
      />
    </Allowed>,
  );
}

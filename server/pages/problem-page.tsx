import type { FastifyRequest } from 'fastify';
import type { VNode } from 'preact';
import type { RenderProblemPage } from '../problems.js';
import { renderPage } from './shell.js';
import { ownPath, themeOf } from './theme.js';

/** A failure as a page: what happened, what to do, and what to name when asking about it. */
export const renderProblem: RenderProblemPage = (request: FastifyRequest, problem) =>
  renderPage(
    {
      title: problem.title,
      section: null,
      theme: themeOf(request),
      url: request.url,
      freshness: null,
      demo: null,
      signedInAs: request.principal?.by === 'session' ? request.principal : null,
      exportPath: null,
    },
    <section class="problem">
      <h1>{problem.title}</h1>
      <p>{problem.detail.replace(/[^.!?…]$/u, '$&.')}</p>
      {problem.errors.length === 0 ? null : (
        <ul>
          {problem.errors.map(({ pointer, detail }) => (
            <li key={pointer}>
              <code>{pointer}</code> {detail}
            </li>
          ))}
        </ul>
      )}
      <Mend status={problem.status} request={request} />
      <p class="quiet">
        Status {problem.status} · request <code>{request.id}</code>
      </p>
    </section>,
  );

/** What whoever stands before the page can do. */
function Mend({ status, request }: { status: number; request: FastifyRequest }): VNode {
  const overview = <a href="/">go to the overview</a>;
  const here = ownPath(request.url);
  if (status === 403)
    return (
      <p>
        <a href={`/login?next=${encodeURIComponent(here)}`}>Sign in with a key that may</a>, or {overview}.
      </p>
    );
  if (status === 404)
    return (
      <p>
        It may have been removed, or belong to an artist that your key does not see.{' '}
        <a href="/releases">Look among the releases</a>, or {overview}.
      </p>
    );
  if (status === 429 || status >= 500)
    return (
      <p>
        {request.method === 'GET' ? <a href={here}>Try again in a moment</a> : 'Try again in a moment'}, or{' '}
        {overview}. Whoever runs the site is told the reason and its mend by <code>tidemark doctor</code>, and
        finds the request by its id in the log.
      </p>
    );
  return <p>Go back and change it, or {overview}.</p>;
}

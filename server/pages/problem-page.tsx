import type { FastifyRequest } from 'fastify';
import type { RenderProblemPage } from '../problems.js';
import { renderPage } from './shell.js';
import { themeOf } from './theme.js';

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
    },
    <section class="problem">
      <h1>{problem.title}</h1>
      <p>{problem.detail}</p>
      {problem.errors.length === 0 ? null : (
        <ul>
          {problem.errors.map(({ pointer, detail }) => (
            <li key={pointer}>
              <code>{pointer}</code> {detail}
            </li>
          ))}
        </ul>
      )}
      <p class="quiet">
        Status {problem.status} · request <code>{request.id}</code>
      </p>
      <p>
        <a href="/">Go to the overview</a>
      </p>
    </section>,
  );

/** A page of the site with everything that all of them show: how fresh the data is, and what a form just did. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { servicesOf } from '../../access/authentication.js';
import type { ServerDependencies } from '../../dependencies.js';
import { readFreshness } from '../freshness.js';
import { sendPage, type PageContent } from '../shell.js';
import { takeFlash } from './flash.js';

export async function sendWithFreshness(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: ServerDependencies,
  { content, ...page }: PageContent,
  told = readFreshness(servicesOf(request, deps), deps.clock),
): Promise<FastifyReply> {
  const freshness = await told;
  const done = takeFlash(request, reply);
  return sendPage(request, reply, deps, freshness, {
    ...page,
    content: (
      <>
        {done === null ? null : (
          <p class="notice notice-done" role="status">
            {done}
          </p>
        )}
        {content}
      </>
    ),
  });
}

/** Entering the pages by a key, and leaving them. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { hashOf, openSession } from '../../services/access-keys.js';
import { endWebSession } from '../../store/api-keys.js';
import { sessionCookie } from '../access/authentication.js';
import { zodRoutes } from '../api/route.js';
import type { ServerDependencies } from '../dependencies.js';
import { sendPage } from './shell.js';
import { ownPath } from './theme.js';

export function registerSignIn(app: FastifyInstance, deps: ServerDependencies): void {
  const { clock, configuration } = deps;
  const routes = zodRoutes(app);
  const config = { scope: 'public', isPage: true } as const;
  routes.get(
    '/login',
    { config, schema: { querystring: z.object({ next: z.string().default('/') }) } },
    (request, reply) => sendForm(request, reply, request.query.next, null),
  );
  routes.post(
    '/login',
    { config, schema: { body: z.object({ key: z.string(), next: z.string().default('/') }) } },
    async (request, reply) => {
      const { key, next } = request.body;
      const hours = configuration.SESSION_HOURS;
      const session = await openSession(deps.servicesFor('all').pool, key, { clock, hours });
      if (session === null)
        return sendForm(request, reply, next, 'The key is unknown, revoked or expired. Paste it whole.');
      return reply
        .setCookie(sessionCookie, session.token, {
          path: '/',
          httpOnly: true,
          sameSite: 'strict',
          secure: request.protocol === 'https',
          maxAge: hours * 3_600,
        })
        .redirect(ownPath(next), 303);
    },
  );
  routes.post('/logout', { config }, async (request, reply) => {
    const token = request.cookies[sessionCookie];
    if (token !== undefined) await endWebSession(deps.servicesFor('all').pool, hashOf(token), clock.now());
    return reply.clearCookie(sessionCookie, { path: '/' }).redirect('/login', 303);
  });

  function sendForm(
    request: FastifyRequest,
    reply: FastifyReply,
    next: string,
    refusal: string | null,
  ): FastifyReply {
    return sendPage(request, reply, deps, null, {
      title: 'Sign in',
      section: null,
      status: refusal === null ? 200 : 401,
      content: (
        <section class="sign-in">
          <h1>Sign in</h1>
          <form method="post" action="/login">
            <input type="hidden" name="next" value={ownPath(next)} />
            <label for="key">Your key</label>
            <input
              id="key"
              name="key"
              type="password"
              autocomplete="current-password"
              required
              aria-invalid={refusal === null ? undefined : 'true'}
              aria-describedby={refusal === null ? 'key-hint' : 'key-refusal key-hint'}
            />
            {refusal === null ? null : (
              <p id="key-refusal" class="refusal" role="alert">
                {refusal}
              </p>
            )}
            <p id="key-hint" class="quiet">
              It begins with <code>tmk_</code>. An admin makes one with <code>tidemark key create</code>.
            </p>
            <button type="submit" class="button-main">
              Sign in
            </button>
          </form>
        </section>
      ),
    });
  }
}

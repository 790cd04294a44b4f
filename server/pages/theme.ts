import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { zodRoutes } from '../api/route.js';

const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const themeCookie = 'tidemark_theme';

export function themeOf(request: FastifyRequest): Theme {
  // A refusal may come before the cookies are read.
  const cookies = request.cookies as FastifyRequest['cookies'] | null;
  const told = cookies?.[themeCookie];
  return themes.find((theme) => theme === told) ?? 'auto';
}

/** The choice of theme is a cookie of its own, for visitors that are nobody too. */
export function registerTheme(app: FastifyInstance): void {
  zodRoutes(app).get(
    '/theme',
    {
      config: { scope: 'public', isPage: true },
      schema: { querystring: z.object({ set: z.enum(themes), back: z.string().default('/') }) },
    },
    (request, reply) => {
      const { set, back } = request.query;
      return reply
        .setCookie(themeCookie, set, { path: '/', sameSite: 'lax', maxAge: 31_536_000, httpOnly: true })
        .redirect(ownPath(back), 303);
    },
  );
}

/** A path of this very site; anything that leads elsewhere becomes the overview. */
export function ownPath(told: string): string {
  const base = 'http://site.invalid';
  if (!told.startsWith('/') || !URL.canParse(told, base)) return '/';
  const { origin, pathname, search, hash } = new URL(told, base);
  // A path that begins with two slashes names another host.
  return origin === base && !pathname.startsWith('//') ? `${pathname}${search}${hash}` : '/';
}

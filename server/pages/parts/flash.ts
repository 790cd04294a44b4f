/** A word about what a form did, shown once on the page that follows it. */
import type { FastifyReply, FastifyRequest } from 'fastify';

const flashCookie = 'tidemark_done';
const mostCharacters = 300;

export function setFlash(reply: FastifyReply, text: string): void {
  void reply.setCookie(flashCookie, text.slice(0, mostCharacters), {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    maxAge: 60,
  });
}

/** The word, once: it is gone with the answer. */
export function takeFlash(request: FastifyRequest, reply: FastifyReply): string | null {
  const text = request.cookies[flashCookie];
  if (text === undefined) return null;
  void reply.clearCookie(flashCookie, { path: '/' });
  return text;
}

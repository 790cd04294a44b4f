/** Forms of the pages: sent by POST, answered by a redirection, and done once however often they are sent. */
import { createHash, randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ComponentChildren, VNode } from 'preact';
import { z } from 'zod';
import { claimIdempotencyKey, keepAnswer, releaseIdempotencyKey } from '../../../store/idempotency.js';
import { principalOfRequest } from '../../access/authentication.js';
import type { ServerDependencies } from '../../dependencies.js';
import { Problem, tellProblem, type ToldProblem } from '../../problems.js';
import { nameOfClaim } from '../../request-name.js';
import { setFlash } from './flash.js';
import type { Viewer } from './viewer.js';

/** What every form brings beside its fields: the session's token, and a mark of this very form. */
export function formBody<Shape extends z.ZodRawShape>(fields: Shape) {
  return z.object({ _csrf: z.string().optional(), _form: z.string().max(100).optional(), ...fields });
}

/** A text field; one that was left empty counts as not given. */
export const optionalText = z
  .string()
  .trim()
  .max(10_000)
  .transform((text) => (text === '' ? null : text))
  .nullable()
  .default(null);

export interface ActionFormProps {
  action: string;
  viewer: Viewer;
  children: ComponentChildren;
  class?: string;
  enctype?: string;
}

export function ActionForm({ action, viewer, children, ...rest }: ActionFormProps): VNode {
  return (
    <form method="post" action={action} {...rest}>
      <input type="hidden" name="_csrf" value={viewer.csrfToken} />
      <input type="hidden" name="_form" value={randomUUID()} />
      {children}
    </form>
  );
}

/** A label, its control, and a hint that the control's `aria-describedby` may name as `<id>-hint`. */
export function Field({
  id,
  label,
  hint,
  children,
}: {
  id: string;
  label: string;
  hint?: string;
  children: ComponentChildren;
}): VNode {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      {hint === undefined ? null : (
        <span id={`${id}-hint`} class="field-hint">
          {hint}
        </span>
      )}
    </div>
  );
}

export function Select({
  id,
  name = id,
  options,
  chosen,
}: {
  id: string;
  name?: string;
  /** Words by value. */
  options: Readonly<Record<string, string>>;
  chosen: string | null | undefined;
}): VNode {
  return (
    <select id={id} name={name}>
      {Object.entries(options).map(([value, words]) => (
        <option key={value} value={value} selected={value === (chosen ?? '')}>
          {words}
        </option>
      ))}
    </select>
  );
}

export interface Done {
  /** Where to go on. */
  to: string;
  /** What was done, for the page there. */
  word: string;
}

/** What a form asks for; what it makes or starts takes the name given, which a form sent again has too. */
export type FormWork = (requestName: string | null) => Promise<Done>;

/**
 * Does what a form asks and leads on by 303. The same form sent again leads to the same place and does nothing.
 * What is refused is answered by `again`, the page with the form on it; what is no refusal is thrown.
 */
export async function act(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: ServerDependencies,
  work: FormWork,
  again: (problem: ToldProblem) => Promise<FastifyReply>,
): Promise<FastifyReply> {
  let done: Done;
  try {
    done = await once(request, deps, work);
  } catch (error) {
    const problem = tellProblem(error);
    if (problem.status === 500 || problem.status === 404) throw error;
    return again(problem);
  }
  setFlash(reply, done.word);
  return reply.redirect(done.to, 303);
}

async function once(request: FastifyRequest, deps: ServerDependencies, work: FormWork): Promise<Done> {
  const sent = request.body as Record<string, unknown> | undefined;
  const mark = sent?.['_form'];
  if (typeof mark !== 'string' || mark === '') return work(null);
  const { pool } = deps.servicesFor('all');
  const { actor } = principalOfRequest(request);
  const requestSha256 = createHash('sha256')
    .update(JSON.stringify([request.url, { ...sent, _csrf: null }]))
    .digest();
  // Whoever goes back, changes the form and sends it once more asks for something else.
  const key = `form ${mark} ${requestSha256.toString('hex')}`;
  const claim = { actor, key, requestSha256 };
  const { kept, firstAt } = await claimIdempotencyKey(pool, { ...claim, now: deps.clock.now() });
  if (kept !== null) {
    if (kept.status === null) throw new Problem(409, 'This form is being worked on: look again in a moment.');
    return kept.body as Done;
  }
  try {
    const done = await work(nameOfClaim({ ...claim, firstAt }));
    await keepAnswer(pool, { actor, key, status: 303, body: done, location: done.to });
    return done;
  } catch (error) {
    await releaseIdempotencyKey(pool, actor, key);
    throw error;
  }
}

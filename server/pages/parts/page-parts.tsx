/** A page whose parts are read side by side: one that is not to be had leaves the others standing. */
import type { FastifyRequest } from 'fastify';
import type { ComponentChildren, VNode } from 'preact';
import { tellProblem } from '../../problems.js';
import { Partial } from './notices.js';

/** What was read, or why it was not. */
export type PagePart<Told> = { told: Told } | { withheld: string };

/**
 * Waits for all readings and logs those that failed.
 * @throws what the first one threw when every one of them did: then there is no page.
 */
export async function readParts<Parts extends Record<string, unknown>>(
  request: FastifyRequest,
  readings: { [Name in keyof Parts]: Promise<Parts[Name]> },
): Promise<{ [Name in keyof Parts]: PagePart<Parts[Name]> }> {
  const names = Object.keys(readings) as (keyof Parts & string)[];
  const settled = await Promise.allSettled(names.map((name) => readings[name]));
  const failed = settled.filter((one) => one.status === 'rejected');
  if (failed.length === settled.length && failed[0] !== undefined) throw failed[0].reason;
  const parts = settled.map((one, index) => {
    if (one.status === 'fulfilled') return [names[index], { told: one.value }];
    request.log.error({ err: one.reason as unknown, part: names[index] }, 'a part of a page was not read');
    return [names[index], { withheld: tellProblem(one.reason).detail }];
  });
  return Object.fromEntries(parts) as { [Name in keyof Parts]: PagePart<Parts[Name]> };
}

/** A part’s content, or the reason that stands in its place. */
export function Part<Told>({
  part,
  children,
}: {
  part: PagePart<Told>;
  children: (told: Told) => ComponentChildren;
}): VNode {
  if ('told' in part) return <>{children(part.told)}</>;
  return <Partial>This part could not be read; the rest of the page could. {part.withheld}</Partial>;
}

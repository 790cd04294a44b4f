import type { FastifyRequest } from 'fastify';
import type { ComponentChildren, VNode } from 'preact';
import { principalOfRequest } from '../../access/authentication.js';
import { Allowed } from '../parts/notices.js';
import { viewerOf } from '../parts/viewer.js';

/** Controls of what may speak of any artist: for keys that may write and see all of them, else a word why not. */
export function AllowedToAll({
  request,
  to,
  children,
}: {
  request: FastifyRequest;
  /** What it would allow, such as «upload files». */
  to: string;
  children: ComponentChildren;
}): VNode {
  const { artists } = principalOfRequest(request);
  return (
    <Allowed viewer={viewerOf(request)} scope="write" to={to}>
      {artists === 'all' ? (
        children
      ) : (
        <p class="quiet">You cannot {to}: that concerns every artist, and your key is limited to some.</p>
      )}
    </Allowed>
  );
}

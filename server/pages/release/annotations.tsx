/** Notes of the team on a moment of a release: shown on its page, added and removed there. */
import type { FastifyInstance } from 'fastify';
import type { VNode } from 'preact';
import { z } from 'zod';
import { platforms, type Platform } from '../../../contracts/vocabulary.js';
import { addAnnotation, removeAnnotation, type Annotation } from '../../../store/annotations.js';
import { showRelease } from '../../../store/releases.js';
import { servicesOf } from '../../access/authentication.js';
import { zodRoutes } from '../../api/route.js';
import type { ServerDependencies } from '../../dependencies.js';
import { longIdOr } from '../../long-id.js';
import { Problem, type ToldProblem } from '../../problems.js';
import { wordFor } from '../filter-bar.js';
import { Instant } from '../parts/figures.js';
import { act, ActionForm, Field, formBody, Select } from '../parts/form.js';
import { instantOf, localTime, MomentFields } from '../parts/moment.js';
import { Allowed, Empty } from '../parts/notices.js';
import type { Viewer } from '../parts/viewer.js';
import { ownPath } from '../theme.js';

const longestText = 2_000;
const config = { scope: 'write', isPage: true } as const;

export function registerAnnotations(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  routes.post(
    '/releases/:id/annotations',
    {
      config,
      schema: {
        params: z.object({ id: z.coerce.number().int().positive() }),
        body: formBody({
          text: z.string().trim().min(1, 'says nothing').max(longestText),
          at: z.string().max(40),
          zone: z.string().max(60),
          platform: z.enum(['', ...platforms] as ['', ...Platform[]]).default(''),
          back: z.string().default('/releases'),
        }),
      },
    },
    (request, reply) =>
      act(
        request,
        reply,
        deps,
        async () => {
          const { text, at, zone, platform, back } = request.body;
          const { pool } = servicesOf(request, deps);
          const release = await showRelease(pool, request.params.id);
          await addAnnotation(pool, {
            artistId: release.artistId,
            releaseId: release.id,
            platform: platform === '' ? null : platform,
            at: instantOf(at, zone),
            text,
          });
          return { to: ownPath(back), word: 'The annotation is added.' };
        },
        refuse,
      ),
  );
  routes.post(
    '/annotations/:id/remove',
    {
      config,
      schema: {
        params: z.object({ id: longIdOr('is no annotation’s number') }),
        body: formBody({ back: z.string().default('/releases') }),
      },
    },
    (request, reply) =>
      act(
        request,
        reply,
        deps,
        async () => {
          const removed = await removeAnnotation(servicesOf(request, deps).pool, request.params.id);
          if (removed === null) throw new Problem(404, `There is no annotation ${request.params.id}.`);
          return { to: ownPath(request.body.back), word: `Removed: ${removed.text}` };
        },
        refuse,
      ),
  );
}

/** The forms stand on a page of others: a refusal has one of its own. */
function refuse({ status, detail, errors }: ToldProblem): never {
  throw new Problem(status, detail, errors);
}

/**
 * The section of a release's page with its annotations, and the controls for whoever may use them.
 * @param back path and query of the page, to which the forms lead back
 * @param now moment that the form begins with
 */
export function Annotations({
  releaseId,
  annotations,
  viewer,
  back,
  now,
}: {
  releaseId: number;
  annotations: readonly Annotation[];
  viewer: Viewer;
  back: string;
  now: Date;
}): VNode {
  const there = back.includes('#') ? back : `${back}#annotations`;
  const platformOptions = Object.fromEntries(platforms.map((platform) => [platform, wordFor(platform)]));
  return (
    <section aria-labelledby="annotations">
      <h2 id="annotations">Annotations</h2>
      {annotations.length === 0 ? <Empty>Nobody has noted anything here yet.</Empty> : null}
      <ul class="annotations">
        {annotations.map(({ id, at, platform, text, releaseId: of }) => (
          <li key={id}>
            <Instant at={at} /> {platform === null ? null : <span class="tag">{wordFor(platform)}</span>}{' '}
            {of === null ? <span class="tag">all releases</span> : null} <span dir="auto">{text}</span>
            {viewer.may('write') ? (
              <ActionForm action={`/annotations/${id}/remove`} viewer={viewer}>
                <input type="hidden" name="back" value={there} />
                <button type="submit" class="button-small" aria-label={`Remove “${text}”`}>
                  Remove
                </button>
              </ActionForm>
            ) : null}
          </li>
        ))}
      </ul>
      <Allowed viewer={viewer} scope="write" to="annotate">
        <details>
          <summary>Add an annotation</summary>
          <ActionForm action={`/releases/${String(releaseId)}/annotations`} viewer={viewer} class="filters">
            <input type="hidden" name="back" value={there} />
            <Field id="annotation-text" label="What happened">
              <input id="annotation-text" name="text" required maxLength={longestText} dir="auto" />
            </Field>
            <MomentFields id="annotation" label="When" at={localTime(now, 'UTC')} zone="UTC" />
            <Field id="annotation-platform" label="Platform">
              <Select
                id="annotation-platform"
                name="platform"
                options={{ '': 'All', ...platformOptions }}
                chosen=""
              />
            </Field>
            <button type="submit">Add</button>
          </ActionForm>
        </details>
      </Allowed>
    </section>
  );
}

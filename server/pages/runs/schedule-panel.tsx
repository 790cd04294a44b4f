/** One schedule: when and what, how it fared, and what may be done with it. */
import type { VNode } from 'preact';
import type { ScheduleOverview } from '../../../operations/schedules.js';
import { counted, Instant } from '../parts/figures.js';
import { ActionForm, Field } from '../parts/form.js';
import { Allowed } from '../parts/notices.js';
import type { Viewer } from '../parts/viewer.js';
import { StateTag } from './state-tag.js';

/** A run that was due is started within seconds; later than this, somebody should look. */
const overdueAfterMs = 2 * 60_000;

/** «When: what», as the declaration tells it. */
export function ScheduleAbout({ about }: { about: string }): VNode {
  const at = about.indexOf(': ');
  return (
    <>
      <p>
        <strong>{about.slice(0, at)}</strong>
      </p>
      <p class="quiet">{about.slice(at + 2).replace(/^./, (first) => first.toUpperCase())}.</p>
    </>
  );
}

export function SchedulePanel({
  schedule,
  zone,
  url,
  viewer,
  now,
}: {
  schedule: ScheduleOverview;
  zone: string | null;
  url: string;
  viewer: Viewer;
  now: Date;
}): VNode {
  const { id, about, paused, reason, nextAt, lastAt, lastRun, skippedOverlap, missedCatchUp } = schedule;
  const isOverdue = nextAt !== null && now.getTime() - nextAt.getTime() > overdueAfterMs;
  return (
    <li class="panel">
      <h2>
        {id} <StateTag state={paused ? 'paused' : isOverdue ? 'overdue' : 'active'} />
      </h2>
      <ScheduleAbout about={about} />
      {paused ? (
        <p class="notice notice-warning">
          Paused: <span dir="auto">{reason ?? 'no reason was given'}</span>
        </p>
      ) : null}
      <dl class="facts">
        <div>
          <dt>Last</dt>
          <dd>
            <Instant at={lastAt} />
            {lastRun === null ? null : <span class="under">{lastRun}</span>}
          </dd>
        </div>
        <div>
          <dt>Next</dt>
          <dd>{paused ? <span class="quiet">not while it is paused</span> : <Instant at={nextAt} />}</dd>
        </div>
        <div>
          <dt>Time zone</dt>
          <dd>{zone ?? 'any: it counts minutes'}</dd>
        </div>
        {skippedOverlap + missedCatchUp === 0 ? null : (
          <div>
            <dt>Left out</dt>
            <dd>
              {counted(skippedOverlap, 'time')} as the one before still ran, {counted(missedCatchUp, 'time')}{' '}
              too late
            </dd>
          </div>
        )}
      </dl>
      <p>
        <a href={url}>Open {id} in Temporal’s UI</a>
      </p>
      <Allowed viewer={viewer} scope="operate" to="pause, resume or trigger it">
        <div class="buttons">
          {paused ? (
            <ActionForm action={`/schedules/${id}/resume`} viewer={viewer}>
              <button type="submit" aria-label={`Resume ${id}`}>
                Resume
              </button>
            </ActionForm>
          ) : (
            <ActionForm action={`/schedules/${id}/pause`} viewer={viewer} class="inline-form">
              <Field id={`reason-${id}`} label="Reason for a pause">
                <input id={`reason-${id}`} name="reason" required maxLength={500} />
              </Field>
              <button type="submit" aria-label={`Pause ${id}`}>
                Pause
              </button>
            </ActionForm>
          )}
          <ActionForm action={`/schedules/${id}/trigger`} viewer={viewer} class="inline-form">
            <button type="submit" aria-label={`Run now: ${id}`}>
              Run now
            </button>
          </ActionForm>
        </div>
      </Allowed>
    </li>
  );
}

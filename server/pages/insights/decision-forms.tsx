import type { VNode } from 'preact';
import { addDays } from '../../../analytics/calendar.js';
import { ActionForm, Field } from '../parts/form.js';
import { Allowed } from '../parts/notices.js';
import type { Viewer } from '../parts/viewer.js';

const usualSnoozeDays = 14;

/** The decisions that can be made about an insight; none is left for an outdated one. */
export function DecisionForms({
  id,
  status,
  today,
  viewer,
}: {
  id: string;
  status: string;
  /** ISO day. */
  today: string;
  viewer: Viewer;
}): VNode {
  if (status === 'outdated')
    return <p class="quiet">The data shows it no more, so nothing is left to decide.</p>;
  const path = `/insights/${id}`;
  return (
    <Allowed viewer={viewer} scope="write" to="decide about insights">
      <div class="forms">
        <ActionForm action={`${path}/accept`} viewer={viewer} class="panel stack">
          <h3>Accept</h3>
          <p class="quiet">You act on it; its prediction is checked in time.</p>
          <Field id="accept-note" label="What is done (optional)">
            <input id="accept-note" name="note" maxLength={2000} />
          </Field>
          <button type="submit" class="button-main">
            Accept
          </button>
        </ActionForm>
        <ActionForm action={`${path}/dismiss`} viewer={viewer} class="panel stack">
          <h3>Dismiss</h3>
          <p class="quiet">It stays away for 90 days, unless its evidence changes.</p>
          <Field id="dismiss-reason" label="Why">
            <input id="dismiss-reason" name="reason" required maxLength={2000} />
          </Field>
          <button type="submit">Dismiss</button>
        </ActionForm>
        <ActionForm action={`${path}/snooze`} viewer={viewer} class="panel stack">
          <h3>Snooze</h3>
          <p class="quiet">It comes back on a day.</p>
          <Field id="snooze-until" label="Until">
            <input
              id="snooze-until"
              name="until"
              type="date"
              required
              min={addDays(today, 1)}
              value={addDays(today, usualSnoozeDays)}
            />
          </Field>
          <Field id="snooze-note" label="Why (optional)">
            <input id="snooze-note" name="note" maxLength={2000} />
          </Field>
          <button type="submit">Snooze</button>
        </ActionForm>
      </div>
    </Allowed>
  );
}

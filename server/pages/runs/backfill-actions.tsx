import type { VNode } from 'preact';
import type { Plan } from '../../../store/backfill-plans.js';
import { ActionForm } from '../parts/form.js';
import { Allowed } from '../parts/notices.js';
import type { Viewer } from '../parts/viewer.js';

export const actions = ['start', 'pause', 'resume', 'cancel', 'retry-failed'] as const;
export type BackfillAction = (typeof actions)[number];

const words: Readonly<Record<BackfillAction, string>> = {
  start: 'Start it',
  pause: 'Pause',
  resume: 'Resume',
  cancel: 'Cancel',
  'retry-failed': 'Retry the failed days',
};

/** What can be done about a plan as it stands, and the same as commands. */
export function BackfillActions({
  plan,
  isRunning,
  isPaused,
  viewer,
}: {
  plan: Plan;
  isRunning: boolean;
  isPaused: boolean;
  viewer: Viewer;
}): VNode | null {
  const possible = actionsOf(plan, isRunning, isPaused);
  if (possible.length === 0) return null;
  return (
    <section aria-labelledby="act">
      <h2 id="act">What can be done</h2>
      <Allowed viewer={viewer} scope="operate" to="run, pause or cancel it">
        <div class="buttons">
          {possible.map((action) => (
            <ActionForm key={action} action={`/backfills/${String(plan.id)}/${action}`} viewer={viewer}>
              <button type="submit" class={action === 'start' ? 'button-main' : undefined}>
                {words[action]}
              </button>
            </ActionForm>
          ))}
        </div>
      </Allowed>
      <p>The same as commands:</p>
      <pre tabIndex={0} aria-label="Command line">
        <code>{possible.map((action) => `tidemark backfill ${action} ${String(plan.id)}`).join('\n')}</code>
      </pre>
    </section>
  );
}

function actionsOf({ state, counts }: Plan, isRunning: boolean, isPaused: boolean): BackfillAction[] {
  if (isRunning) return [isPaused ? 'resume' : 'pause', 'cancel'];
  const failed: BackfillAction[] = counts.failed > 0 ? ['retry-failed'] : [];
  if (state === 'finished' || state === 'cancelled') return failed;
  return ['start', 'cancel', ...failed];
}

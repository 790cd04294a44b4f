/** Pause, resume, cancel and parking of a backfill, and the query that tells how far it is. */
import { condition, defineQuery, defineSignal, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { backfillSignals, progressQuery, type BackfillProgress } from '../contracts/runs.js';
import { controlActivities } from './activities.js';
import { parkedSignal } from './patience.js';

export const pauseSignal = defineSignal(backfillSignals.pause);
export const resumeSignal = defineSignal(backfillSignals.resume);
export const cancelSignal = defineSignal(backfillSignals.cancel);
export const backfillProgressQuery = defineQuery<BackfillProgress>(progressQuery);

export class BackfillControl {
  cancelling = false;
  private paused: boolean;
  private parkedUntil: string | null;

  constructor(
    private readonly planId: number,
    private readonly progress: BackfillProgress,
  ) {
    this.paused = progress.state === 'paused';
    this.parkedUntil = progress.parkedUntil;
  }

  /**
   * Registers the handlers. `cancel` ends what is under way; `urge` passes a resume on to collections that
   * wait for a platform themselves.
   */
  listen(cancel: () => void, urge: () => Promise<void>): void {
    setHandler(backfillProgressQuery, () => this.snapshot());
    setHandler(pauseSignal, async () => {
      this.paused = true;
      await this.tell();
    });
    setHandler(resumeSignal, async () => {
      this.paused = false;
      this.parkedUntil = null;
      await this.tell();
      await urge();
    });
    setHandler(parkedSignal, async (until) => {
      if (this.parkedUntil !== null && this.parkedUntil >= until) return;
      this.parkedUntil = until;
      await this.tell();
    });
    setHandler(cancelSignal, () => {
      this.cancelling = true;
      cancel();
    });
  }

  /** Waits until `free` holds and the plan is neither paused nor parked. */
  async untilFree(free: () => boolean): Promise<void> {
    for (;;) {
      await condition(() => free() && !this.paused);
      if (this.parkedUntil === null) return;
      const until = this.parkedUntil;
      const left = Date.parse(until) - Date.now();
      if (left > 0) await condition(() => this.parkedUntil !== until, left);
      // Another collection may have told of a later reset meanwhile, or an operator resumed.
      if (this.parkedUntil === until) {
        this.parkedUntil = null;
        await this.tell();
      }
    }
  }

  snapshot(): BackfillProgress {
    return { ...this.progress, state: this.state(), parkedUntil: this.parkedUntil };
  }

  describe(): void {
    const { planned, done, failed, skipped } = this.progress;
    const state = this.state();
    const until = state === 'parked' ? ` until ${this.parkedUntil ?? ''}` : '';
    setCurrentDetails(
      `${done} of ${planned} days done, ${failed} failed, ${skipped} skipped; ${state}${until}.`,
    );
  }

  private state(): BackfillProgress['state'] {
    const { planned, done, failed } = this.progress;
    if (this.cancelling) return 'cancelling';
    if (this.paused) return 'paused';
    if (this.parkedUntil !== null) return 'parked';
    return done + failed >= planned ? 'finished' : 'running';
  }

  private async tell(): Promise<void> {
    this.describe();
    const state = this.state();
    if (state === 'cancelling' || state === 'finished') return;
    await controlActivities().setPlanState.executeWithOptions(
      { summary: `Plan ${this.planId} is ${state}` },
      [{ planId: this.planId, state }],
    );
  }
}

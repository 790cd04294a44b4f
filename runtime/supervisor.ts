/** Starts services one after another and stops them in the opposite order, once, whatever happens meanwhile. */
import type { Announce } from './announce.js';

export interface Service {
  /** Drains and ends; safe to call when it has ended already. */
  stop(): Promise<void>;
  /** Ends at once: the second Ctrl-C. */
  hurry?(): void;
  /** Settles when the service has ended, with how, in words. */
  ended?: Promise<string>;
}

export type StopReason =
  | { kind: 'signal'; signal: NodeJS.Signals }
  | { kind: 'ended'; service: string; how: string }
  | { kind: 'asked' };

/** Thrown out of a start that a signal cut short. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';

  constructor(readonly signal: NodeJS.Signals) {
    super(`Interrupted by ${signal}`);
  }
}

interface Running {
  name: string;
  service: Service;
}

/** npm passes on a Ctrl-C that the terminal has told us of already; that is one wish, not two. */
const sameWishMs = 1_000;

/**
 * Owns the process's signals from its making until `stop` has finished. The first SIGINT, SIGTERM or SIGHUP
 * asks for an orderly stop; another one, a second or more later, hurries what has not stopped by then.
 */
export class Supervisor {
  readonly #announce: Announce;
  readonly #running: Running[] = [];
  /** Starts under way: one that fails must not leave another, begun beside it, to come up unattended. */
  readonly #starting = new Set<Promise<unknown>>();
  readonly #reason: Promise<StopReason>;
  #settle!: (reason: StopReason) => void;
  #signal: NodeJS.Signals | null = null;
  #signalledAt = 0;
  #hurried = false;
  #stopping: Promise<void> | null = null;

  constructor(announce: Announce) {
    this.#announce = announce;
    this.#reason = new Promise((resolve) => {
      this.#settle = resolve;
    });
    for (const signal of watchedSignals) process.on(signal, this.#onSignal);
  }

  readonly #onSignal = (signal: NodeJS.Signals): void => {
    const now = performance.now();
    if (this.#signal === null) {
      this.#signal = signal;
      this.#signalledAt = now;
      this.#announce('Stopping; press Ctrl-C again to hurry.');
      this.#settle({ kind: 'signal', signal });
    } else if (!this.#hurried && now - this.#signalledAt > sameWishMs) {
      this.#hurried = true;
      this.#announce('Hurrying.');
      for (const { service } of this.#running) service.hurry?.();
    }
  };

  /**
   * Starts a service and takes it into the order of stopping. Several may start side by side.
   *
   * @throws InterruptedError when a signal came before or during the start; what had started is stopped by `stop`.
   */
  async start<S extends Service>(name: string, begin: () => Promise<S>): Promise<S> {
    this.throwIfInterrupted();
    const starting = this.#take(name, begin);
    this.#starting.add(starting);
    try {
      const service = await starting;
      this.throwIfInterrupted();
      return service;
    } finally {
      this.#starting.delete(starting);
    }
  }

  async #take<S extends Service>(name: string, begin: () => Promise<S>): Promise<S> {
    const service = await begin();
    this.#running.push({ name, service });
    void service.ended?.then((how) => {
      if (this.#stopping === null) this.#settle({ kind: 'ended', service: name, how });
    });
    return service;
  }

  /** @throws InterruptedError once a signal has come: call it between the steps of a long start. */
  throwIfInterrupted(): void {
    if (this.#signal !== null) throw new InterruptedError(this.#signal);
  }

  /** Waits for a signal, for a service that ends by itself, or for `stop`. */
  untilStopped(): Promise<StopReason> {
    return this.#reason;
  }

  /**
   * Stops everything, the last started first, and gives the signals back. A service that cannot be stopped
   * does not keep the ones below it running.
   *
   * @throws AggregateError of what went wrong, after all of them were tried.
   */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    this.#settle({ kind: 'asked' });
    return this.#stopping;
  }

  async #stopAll(): Promise<void> {
    const failures: unknown[] = [];
    await Promise.allSettled(this.#starting);
    for (let next = this.#running.at(-1); next !== undefined; next = this.#running.at(-1)) {
      const { name, service } = next;
      this.#announce(`Stopping ${name} …`);
      try {
        await service.stop();
      } catch (error) {
        failures.push(error);
      }
      this.#running.splice(this.#running.indexOf(next), 1);
    }
    for (const signal of watchedSignals) process.off(signal, this.#onSignal);
    if (failures.length > 0) throw new AggregateError(failures, 'Not everything could be stopped');
  }
}

const watchedSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

import type { Clock } from '../contracts/ports.js';
import type { ChangeSubscriber } from '../store/change-listener.js';

export interface CacheStats {
  cache_size: number;
  hits: number;
  misses: number;
  /** 0 before the first look-up. */
  hit_ratio: number;
}

interface Entry {
  value: unknown;
  expiresAt: number;
}

/**
 * About as many as a team's pages ask for in a time to live; the oldest go first. A release's page is some 50 KiB of
 * figures, so a program that walks through all releases fills no more than about 13 MiB.
 */
const mostEntries = 250;

/**
 * Answers kept for a time to live in this process, until something changes. A time to live of 0 keeps nothing.
 * Callers who ask for the same at once wait for one computation.
 */
export class ResultCache implements ChangeSubscriber {
  private readonly entries = new Map<string, Entry>();
  private readonly pending = new Map<string, Promise<unknown>>();
  /** Counts clearings: what was computed from data of before one must not be kept after it. */
  private generation = 0;
  private listening = true;
  private hits = 0;
  private misses = 0;

  constructor(
    private readonly clock: Clock,
    private readonly ttlSeconds: number,
  ) {}

  /** The kept answer, or the one computed now. A failure is not kept. */
  async remember<T>(key: string, compute: () => Promise<T>): Promise<T> {
    const now = this.clock.now().getTime();
    const kept = this.entries.get(key);
    if (kept !== undefined && kept.expiresAt > now) {
      this.hits++;
      return kept.value as T;
    }
    const underWay = this.pending.get(key);
    if (underWay !== undefined) {
      this.hits++;
      return (await underWay) as T;
    }
    this.misses++;
    if (this.ttlSeconds === 0 || !this.listening) return compute();
    return this.compute(key, compute, now + this.ttlSeconds * 1_000);
  }

  stats(): CacheStats {
    const now = this.clock.now().getTime();
    for (const [key, { expiresAt }] of this.entries) if (expiresAt <= now) this.entries.delete(key);
    const asked = this.hits + this.misses;
    return {
      cache_size: this.entries.size,
      hits: this.hits,
      misses: this.misses,
      hit_ratio: asked === 0 ? 0 : this.hits / asked,
    };
  }

  clear(): void {
    this.generation++;
    this.entries.clear();
    this.pending.clear();
  }

  /** Something was written, by whatever process. */
  changed(): void {
    this.clear();
  }

  /** Changes are heard of again; those of meanwhile were missed. */
  heard(): void {
    this.listening = true;
    this.clear();
  }

  /** Changes are no longer heard of: until they are, every answer is computed. */
  deaf(): void {
    this.listening = false;
    this.clear();
  }

  private async compute<T>(key: string, compute: () => Promise<T>, expiresAt: number): Promise<T> {
    const { generation } = this;
    const computing = compute();
    this.pending.set(key, computing);
    try {
      const value = await computing;
      if (generation === this.generation) this.keep(key, { value, expiresAt });
      return value;
    } finally {
      if (this.pending.get(key) === computing) this.pending.delete(key);
    }
  }

  private keep(key: string, entry: Entry): void {
    this.entries.delete(key);
    this.entries.set(key, entry);
    const oldest = this.entries.keys().next().value;
    if (this.entries.size > mostEntries && oldest !== undefined) this.entries.delete(oldest);
  }
}

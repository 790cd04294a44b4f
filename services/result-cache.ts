import type { Clock } from '../contracts/ports.js';

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

/** More answers than a team's pages ask for in a time to live; the oldest go first. */
const mostEntries = 1_000;

/** Answers kept for a time to live in this process. A time to live of 0 keeps nothing. */
export class ResultCache {
  private readonly entries = new Map<string, Entry>();
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
    this.misses++;
    const value = await compute();
    if (this.ttlSeconds > 0) {
      this.entries.delete(key);
      this.entries.set(key, { value, expiresAt: now + this.ttlSeconds * 1_000 });
      const oldest = this.entries.keys().next().value;
      if (this.entries.size > mostEntries && oldest !== undefined) this.entries.delete(oldest);
    }
    return value;
  }

  stats(): CacheStats {
    const asked = this.hits + this.misses;
    return {
      cache_size: this.entries.size,
      hits: this.hits,
      misses: this.misses,
      hit_ratio: asked === 0 ? 0 : this.hits / asked,
    };
  }

  clear(): void {
    this.entries.clear();
  }
}

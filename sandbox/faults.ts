import { z } from 'zod';
import { keyOf, uniform } from './random.js';

const scope = {
  /** Path without the moment; `*` stands for any run of characters: `/google/youtube/v3/*`. */
  path: z.string().min(1),
  /** How often it fires before it is spent; without end when absent. */
  times: z.int().positive().optional(),
  /** Share of the matching requests that it hits, drawn from the seed; all of them when absent. */
  rate: z.number().min(0).max(1).optional(),
  seed: z.int().optional(),
  /** Matching requests let through before the first hit. */
  after: z.int().nonnegative().optional(),
};
const ids = z.array(z.string()).optional();

const faultSchema = z.discriminatedUnion('kind', [
  /** An error status with the platform's own body for it. */
  z.object({ ...scope, kind: z.literal('status'), status: z.int().min(400).max(599).default(503) }),
  /** 429. `retryAfterSeconds` absent leaves the header out; `body` is what the platform was seen to send. */
  z.object({
    ...scope,
    kind: z.literal('rate-limit'),
    retryAfterSeconds: z.int().nonnegative().optional(),
    body: z.enum(['error', 'object', 'empty']).default('error'),
    /** Spotify's `error.reason`, `QUOTA_EXCEEDED` when it is a quota and not a rate. */
    reason: z.string().optional(),
  }),
  z.object({ ...scope, kind: z.literal('html') }),
  z.object({ ...scope, kind: z.literal('empty') }),
  /** 200 with the first part of the body and a content length to match. */
  z.object({ ...scope, kind: z.literal('truncated') }),
  z.object({ ...scope, kind: z.literal('bad-json') }),
  z.object({ ...scope, kind: z.literal('hang'), phase: z.enum(['connect', 'body']).default('connect') }),
  z.object({ ...scope, kind: z.literal('drip'), bytesPerSecond: z.number().positive().default(10) }),
  z.object({ ...scope, kind: z.literal('reset'), phase: z.enum(['connect', 'body']).default('connect') }),
  z.object({ ...scope, kind: z.literal('token-revoked') }),
  z.object({ ...scope, kind: z.literal('quota-exhausted') }),
  /** Leaves these ids, or all, out of the answer. */
  z.object({ ...scope, kind: z.literal('missing-items'), ids }),
  /** The next page holds this page's last items again. */
  z.object({ ...scope, kind: z.literal('repeated-items') }),
  /** The page token leads back to the first page, for ever. */
  z.object({ ...scope, kind: z.literal('looping-page') }),
  /** Totals grow from page to page. */
  z.object({ ...scope, kind: z.literal('shifting-total') }),
  /** Counters are lower than they were, by this share. */
  z.object({ ...scope, kind: z.literal('counter-falls'), ids, share: z.number().min(0).max(1).default(0.1) }),
]);

export type Fault = z.input<typeof faultSchema>;
export type ActiveFault = z.output<typeof faultSchema> & { id: string; seen: number; hits: number };
type FaultKind = ActiveFault['kind'];

/** Faults that change what is answered; the others break the way it is sent. */
const dataKinds: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'token-revoked',
  'quota-exhausted',
  'missing-items',
  'repeated-items',
  'looping-page',
  'shifting-total',
  'counter-falls',
]);

function patternOf(path: string): RegExp {
  const escaped = path.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, String.raw`\$&`));
  return new RegExp(`^${escaped.join('.*')}$`);
}

/** The faults that are switched on; the oldest is asked first. */
export class FaultSwitches {
  private readonly active = new Map<string, { fault: ActiveFault; pattern: RegExp; key: number }>();
  private count = 0;

  /** @throws a ZodError when it is no fault */
  add(input: Fault): string {
    const fault = faultSchema.parse(input);
    this.count += 1;
    const id = `fault-${this.count}`;
    this.active.set(id, {
      fault: { ...fault, id, seen: 0, hits: 0 },
      pattern: patternOf(fault.path),
      key: keyOf('fault', fault.seed ?? 0),
    });
    return id;
  }

  /** False when there is no such fault. */
  remove(id: string): boolean {
    return this.active.delete(id);
  }

  clear(): void {
    this.active.clear();
  }

  list(): ActiveFault[] {
    return [...this.active.values()].map(({ fault }) => ({ ...fault }));
  }

  /** What befalls a request for the path: at most one fault of sending, and every fault of the data. */
  strike(path: string): { sending: ActiveFault | null; data: ActiveFault[] } {
    let sending: ActiveFault | null = null;
    const data: ActiveFault[] = [];
    for (const { fault, pattern, key } of this.active.values()) {
      const isData = dataKinds.has(fault.kind);
      if ((!isData && sending !== null) || !pattern.test(path)) continue;
      if (fault.times !== undefined && fault.hits >= fault.times) continue;
      fault.seen += 1;
      if (fault.seen <= (fault.after ?? 0)) continue;
      if (fault.rate !== undefined && uniform(key, fault.seen) >= fault.rate) continue;
      fault.hits += 1;
      if (isData) data.push(fault);
      else sending = fault;
    }
    return { sending, data };
  }
}

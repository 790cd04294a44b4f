/** The stock tracker's evidence as one document, `source_stats.json`: to look at, to keep, to take elsewhere. */
import type { Pool } from 'pg';
import { z } from 'zod';
import type { StockSourceRank } from '../contracts/models.js';
import type { Clock } from '../contracts/ports.js';
import type { Queryable } from '../store/queryable.js';
import { insertClipUsages, insertPerformanceEvents, readStockEvidence } from '../store/stock.js';
import { BadInputError } from './bad-input.js';
import { StockSuccessTracker } from './stock-tracker.js';

const isoDay = z.iso.date();
const documentSchema = z.object({
  version: z.literal(1),
  usages: z.array(
    z.object({
      source_name: z.string().trim().min(1),
      clip_id: z.string().trim().min(1),
      release_id: z.int().positive(),
      used_at: z.iso.datetime({ offset: true }),
    }),
  ),
  performances: z.array(
    z.object({
      release_id: z.int().positive(),
      performance_score: z.number().min(0).max(10),
      event_day: isoDay,
      origin: z.enum(['logged', 'scored']),
    }),
  ),
});

export interface SourceStats extends z.infer<typeof documentSchema> {
  /** ISO instant. */
  exported_at: string;
  half_life_days: number;
  /** The ranking at that moment; an import leaves it aside, since it follows from the rest. */
  sources: StockSourceRank[];
}

export interface SourceFileDeps {
  pool: Pool;
  clock: Clock;
  halfLifeDays: number;
}

/** All usages and current scores, with the ranking that follows from them today. */
export async function exportSourceStats(deps: SourceFileDeps): Promise<SourceStats> {
  const now = deps.clock.now();
  // Scores may speak of a day that a fixed clock has not reached; they are evidence all the same.
  const { usages, events } = await readStockEvidence(deps.pool, '9999-12-31');
  const ranking = await new StockSuccessTracker(deps).rankSources();
  return {
    version: 1,
    exported_at: now.toISOString(),
    half_life_days: deps.halfLifeDays,
    sources: ranking.map(({ source_name, rank, score, lower, upper, releases, low_evidence, last_used }) => ({
      ...{ source_name, rank, score, lower, upper, releases, low_evidence, last_used },
    })),
    usages: usages.map(({ sourceName, clipId, releaseId, usedAt }) => ({
      ...{ source_name: sourceName, clip_id: clipId, release_id: releaseId, used_at: usedAt.toISOString() },
    })),
    performances: events.map(({ releaseId, score, eventDay, origin }) => ({
      ...{ release_id: releaseId, performance_score: score, event_day: eventDay, origin },
    })),
  };
}

export interface SourceImport {
  /** Told by the document, and those of them that were new or another. */
  usages: { told: number; written: number };
  performances: { told: number; written: number };
}

/**
 * Takes in a document; what is known already changes nothing, and a score that a person logged stands against
 * computed ones. To be called inside a transaction: all of it or nothing.
 * @throws BadInputError that names the first fault; StoreError `notFound` where a release is missing.
 */
export async function importSourceStats(db: Queryable, text: string, now: Date): Promise<SourceImport> {
  const { usages, performances } = readDocument(text);
  let used = 0;
  for (const [usedAt, group] of grouped(usages, ({ used_at }) => used_at)) {
    const rows = group.map(({ source_name, clip_id, release_id }) => ({
      ...{ sourceName: source_name, clipId: clip_id, releaseId: release_id },
    }));
    used += await insertClipUsages(db, rows, new Date(usedAt));
  }
  let scored = 0;
  for (const [origin, group] of grouped(performances, (one) => one.origin)) {
    const events = group.map(({ release_id, performance_score, event_day }) => ({
      ...{ releaseId: release_id, score: performance_score, eventDay: event_day },
    }));
    scored += await insertPerformanceEvents(db, events, origin, now);
  }
  return {
    usages: { told: usages.length, written: used },
    performances: { told: performances.length, written: scored },
  };
}

function readDocument(text: string): z.infer<typeof documentSchema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BadInputError('This is no JSON document.', { cause });
  }
  const read = documentSchema.safeParse(value);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new BadInputError(
      `This is no export of stock sources: ${issue!.path.join('.')}: ${issue!.message}`,
    );
  }
  const releases = read.data.performances.map(({ release_id }) => release_id);
  const twice = releases.find((release, index) => releases.indexOf(release) !== index);
  if (twice !== undefined) throw new BadInputError(`Release ${twice} has more than one performance.`);
  return read.data;
}

function grouped<Key, Item>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

import { dayOf } from '../analytics/calendar.js';
import { trackRecord, type TrackRecord } from '../analytics/insight-outcome.js';
import type { OptimizationInsight } from '../contracts/models.js';
import type { Clock } from '../contracts/ports.js';
import { StoreError } from '../store/errors.js';
import { decideInsight, readInsightEvents, type InsightEvent } from '../store/insight-decisions.js';
import { readOutcomes, type StoredOutcome } from '../store/insight-outcomes.js';
import { findInsight, readInsights, type StoredInsight } from '../store/insights.js';
import type { Queryable } from '../store/queryable.js';
import { BadInputError } from './bad-input.js';

export interface InsightServiceDeps {
  /** A pool, or a client inside somebody's transaction. */
  db: Queryable;
  clock: Clock;
}

export const insightStatuses = ['open', 'accepted', 'dismissed', 'snoozed', 'outdated'] as const;

export interface InsightQuery {
  /** Those that ask for attention unless told: open, or snoozed until a day that has come. */
  statuses?: readonly string[] | undefined;
  artistId?: number | undefined;
  platforms?: readonly string[] | undefined;
  contentIds?: readonly string[] | undefined;
  types?: readonly string[] | undefined;
  /** Rank and id of the last one of the page before. */
  after?: readonly [rank: number, id: string] | undefined;
  /** 100 unless told. */
  limit?: number | undefined;
}

/** An insight with what it needs to be decided about. */
export interface ListedInsight extends OptimizationInsight {
  id: string;
  artist_id: number;
  status: string;
  snoozed_until: string | null;
  rank: number;
  version: string;
  first_found_at: Date;
  last_found_at: Date;
}

export interface ShownInsight extends ListedInsight {
  /** Everything that happened to it, in order. */
  history: InsightEvent[];
  /** What became of its predictions. */
  outcomes: StoredOutcome[];
}

/** How predictions fared, of accepted insights and, as a control, of dismissed ones. */
export interface InsightTrackRecord {
  accepted: TrackRecord;
  dismissed: TrackRecord;
}

/** People's side of the insights: what is there, what was decided, and whether it held. */
export class InsightService {
  constructor(private readonly deps: InsightServiceDeps) {}

  /** The highest rank first. @throws BadInputError for an unknown status or a limit that is none. */
  async list(query: InsightQuery = {}): Promise<ListedInsight[]> {
    const { statuses, limit = 100 } = query;
    const unknown = statuses?.find((status) => !insightStatuses.some((known) => known === status));
    if (unknown !== undefined) {
      throw new BadInputError(`Unknown status «${unknown}»: give one of ${insightStatuses.join(', ')}.`);
    }
    if (!Number.isInteger(limit) || limit < 1)
      throw new BadInputError('A limit is a whole number from 1 on.');
    const found = await readInsights(
      this.deps.db,
      {
        statuses: statuses ?? null,
        artistId: query.artistId ?? null,
        platforms: query.platforms ?? null,
        contentKeys: query.contentIds ?? null,
        types: query.types ?? null,
        since: null,
        after: query.after ?? null,
        limit,
      },
      this.today(),
    );
    return found.map(listed);
  }

  /** One insight with its history and outcomes. @throws StoreError `notFound` */
  async show(id: string): Promise<ShownInsight> {
    const stored = await this.require(id);
    return {
      ...listed(stored),
      history: await this.history(id),
      outcomes: await readOutcomes(this.deps.db, id),
    };
  }

  /** Everything that happened to an insight, in order; empty for one that is not there. */
  history(id: string): Promise<InsightEvent[]> {
    requireId(id);
    return readInsightEvents(this.deps.db, id);
  }

  /** The team acts on it; once its horizon has passed it is checked. @throws StoreError `notFound`, `conflict` */
  async accept(id: string, by: string, note: string | null = null): Promise<ListedInsight> {
    return this.decide(id, { action: 'accepted', by, note, until: null });
  }

  /**
   * It does not come back for 90 days, unless its evidence changes.
   * @throws BadInputError without a reason; StoreError `notFound`, `conflict` for an outdated one.
   */
  async dismiss(id: string, by: string, reason: string): Promise<ListedInsight> {
    if (reason.trim() === '') throw new BadInputError('A dismissal has a reason.');
    return this.decide(id, { action: 'dismissed', by, note: reason, until: null });
  }

  /**
   * It comes back on a day.
   * @param until an ISO day after today.
   * @throws BadInputError for another day; StoreError `notFound`, `conflict` for an outdated one.
   */
  async snooze(id: string, by: string, until: string, note: string | null = null): Promise<ListedInsight> {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(until) || until <= this.today()) {
      throw new BadInputError('An insight is snoozed until an ISO day after today.');
    }
    return this.decide(id, { action: 'snoozed', by, note, until });
  }

  /** Of all predictions that were checked. */
  async trackRecord(): Promise<InsightTrackRecord> {
    const outcomes = await readOutcomes(this.deps.db, null);
    const of = (decision: StoredOutcome['decision']): TrackRecord =>
      trackRecord(outcomes.filter((one) => one.decision === decision).map(({ verdict }) => verdict));
    return { accepted: of('accepted'), dismissed: of('dismissed') };
  }

  private async decide(
    id: string,
    decision: {
      action: 'accepted' | 'dismissed' | 'snoozed';
      by: string;
      note: string | null;
      until: string | null;
    },
  ): Promise<ListedInsight> {
    requireId(id);
    if (decision.by.trim() === '') throw new BadInputError('A decision has somebody who made it.');
    const known = await decideInsight(this.deps.db, {
      insightId: id,
      at: this.deps.clock.now(),
      ...decision,
    });
    const stored = await this.require(id);
    if (!known) throw new StoreError('conflict', `Insight ${id} is outdated: nothing is left to decide.`);
    return listed(stored);
  }

  private async require(id: string): Promise<StoredInsight> {
    requireId(id);
    const stored = await findInsight(this.deps.db, id);
    if (stored === null) throw new StoreError('notFound', `There is no insight ${id}.`);
    return stored;
  }

  private today(): string {
    return dayOf(this.deps.clock.now(), 'UTC');
  }
}

function requireId(id: string): void {
  if (!/^[1-9]\d{0,17}$/.test(id)) throw new BadInputError(`«${id}» is no insight’s number.`);
}

function listed(stored: StoredInsight): ListedInsight {
  return {
    id: stored.id,
    artist_id: stored.artist_id,
    insight_type: stored.insight_type,
    priority: stored.priority,
    title: stored.title,
    description: stored.description,
    impact_prediction: stored.impact_prediction,
    implementation_difficulty: stored.implementation_difficulty,
    affected_content: stored.affected_content,
    data_supporting: stored.data_supporting,
    status: stored.status,
    snoozed_until: stored.snoozed_until,
    rank: stored.rank,
    version: stored.method_version,
    first_found_at: stored.first_found_at,
    last_found_at: stored.last_found_at,
  };
}

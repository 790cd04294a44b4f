/** Taking in what callers push: figures of a content at this moment. */
import type { Pool } from 'pg';
import type { Clock } from '../contracts/ports.js';
import type { SnapshotBatch } from '../contracts/records.js';
import { parsePlatform, platforms, type Platform } from '../contracts/vocabulary.js';
import { ensureTracked, saveSnapshotMetadata } from '../store/tracked-engagement.js';
import { loadSnapshots } from '../store/load/load-snapshots.js';
import { inTransaction } from '../store/queryable.js';
import { BadInputError } from './bad-input.js';

export interface TrackRequest {
  content_id: string;
  platform: string;
  metrics: Record<string, number>;
  metadata?: Record<string, unknown> | undefined;
}

export interface BatchTrackResult {
  accepted: number;
  /** In the order of the accepted requests. */
  snapshot_ids: string[];
  rejected: { index: number; reason: string }[];
}

interface CheckedRequest {
  key: string;
  platform: Platform;
  metrics: Record<string, number>;
  metadata: Record<string, unknown> | undefined;
}

/** Values that callers push are told by another system: the platform's own report outranks them. */
const pushedSource = 'imported';
const mostBatchItems = 10_000;
const longestName = 200;
/** No audience is larger, doubles still count by ones there, and sums of such stay finite. */
export const largestFigure = 1e15;

/** @throws BadInputError that says what is wrong with the request. */
function check(request: TrackRequest): CheckedRequest {
  const key = request.content_id.trim();
  if (key === '' || key.length > longestName) {
    throw new BadInputError(`content_id has 1 to ${longestName} characters`);
  }
  const platform = parsePlatform(request.platform);
  if (platform === null) {
    throw new BadInputError(`unknown platform «${request.platform}»: give one of ${platforms.join(', ')}`);
  }
  const metrics = Object.entries(request.metrics);
  if (metrics.length === 0) throw new BadInputError('metrics holds at least one figure');
  for (const [name, value] of metrics) {
    if (name.trim() === '' || name.length > longestName) {
      throw new BadInputError(`a metric's name has 1 to ${longestName} characters`);
    }
    if (!Number.isFinite(value)) throw new BadInputError(`${name} is not a finite number`);
    if (Math.abs(value) > largestFigure) throw new BadInputError(`${name} is past 1e15, which is no figure`);
  }
  return { key, platform, metrics: request.metrics, metadata: request.metadata };
}

/** By the platform's name of the content, since that is what the load path knows it by. */
function batchesByPlatform(
  contents: readonly { platform: Platform; externalId: string }[],
  requests: readonly CheckedRequest[],
  recordedAt: Date,
): Map<Platform, SnapshotBatch> {
  const batches = new Map<Platform, SnapshotBatch>();
  contents.forEach(({ platform, externalId }, index) => {
    const batch = batches.get(platform) ?? { observedAt: recordedAt, snapshots: [], missing: [] };
    batch.snapshots.push({ platform, externalId, recordedAt, metrics: requests[index]!.metrics });
    batches.set(platform, batch);
  });
  return batches;
}

async function store(pool: Pool, clock: Clock, requests: readonly CheckedRequest[]): Promise<string[]> {
  const recordedAt = clock.now();
  const contents = await inTransaction(pool, (client) => ensureTracked(client, requests));
  for (const [platform, batch] of batchesByPlatform(contents, requests, recordedAt)) {
    await loadSnapshots(pool, platform, [batch], {
      source: pushedSource,
      run: { id: null, now: recordedAt },
    });
  }
  const notes = contents.flatMap(({ contentId }, index) => {
    const { metadata } = requests[index]!;
    return metadata === undefined ? [] : [{ contentId, recordedAt, metadata }];
  });
  if (notes.length > 0) await saveSnapshotMetadata(pool, notes, pushedSource);
  return contents.map(({ contentKey }) => `${contentKey}@${recordedAt.toISOString()}`);
}

/**
 * Keeps a content's figures as of now. A content is known by our key or by the platform's id; an unknown one is
 * created under the id as given, linked to no release.
 * @returns the snapshot's id.
 * @throws BadInputError, StoreError
 */
export async function trackEngagement(
  deps: { pool: Pool; clock: Clock },
  request: TrackRequest,
): Promise<string> {
  const [snapshotId] = await store(deps.pool, deps.clock, [check(request)]);
  return snapshotId!;
}

/**
 * The same for up to 10,000 requests; those that make no sense are rejected by themselves.
 * @throws BadInputError for a larger batch; StoreError
 */
export async function batchTrackEngagement(
  deps: { pool: Pool; clock: Clock },
  requests: readonly TrackRequest[],
): Promise<BatchTrackResult> {
  if (requests.length > mostBatchItems) {
    throw new BadInputError(`a batch holds ${mostBatchItems} items at most, not ${requests.length}`);
  }
  const accepted: CheckedRequest[] = [];
  const rejected: BatchTrackResult['rejected'] = [];
  requests.forEach((request, index) => {
    try {
      accepted.push(check(request));
    } catch (error) {
      if (!(error instanceof BadInputError)) throw error;
      rejected.push({ index, reason: error.message });
    }
  });
  const snapshotIds = accepted.length === 0 ? [] : await store(deps.pool, deps.clock, accepted);
  return { accepted: accepted.length, snapshot_ids: snapshotIds, rejected };
}

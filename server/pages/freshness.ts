/** How far the data reaches, as the badge on every page tells it. */
import type { Clock } from '../../contracts/ports.js';
import { freshness } from '../../store/engagement.js';
import { listRuns } from '../../store/runs.js';
import type { ScopedServices } from '../dependencies.js';

export interface Freshness {
  /** `Data through 2026-01-05`, or that there is none. */
  through: string;
  /** `collected 4 min ago`; null where nothing was. */
  collected: string | null;
  /** The last collection is older than two of the slowest schedules. */
  stale: boolean;
  /** The run that collected last, or the list of runs. */
  href: string;
}

const staleAfterMs = 2 * 86_400_000;
const msPerMinute = 60_000;

export async function readFreshness({ pool, cache }: ScopedServices, clock: Clock): Promise<Freshness> {
  const { dataThrough, learntAt, last } = await cache.remember('freshness', async () => ({
    ...(await freshness(pool)),
    last: (await listRuns(pool, { kind: 'collect', limit: 1 }))[0],
  }));
  if (dataThrough === null || learntAt === null)
    return { through: 'No data yet', collected: null, stale: false, href: '/runs' };
  const ageMs = Math.max(0, clock.now().getTime() - learntAt.getTime());
  return {
    through: `Data through ${dataThrough}`,
    collected: `collected ${ago(ageMs)} ago`,
    stale: ageMs > staleAfterMs,
    href: last === undefined ? '/runs' : `/runs/${last.id}`,
  };
}

/** The age in the largest unit that tells something. */
export function ago(ms: number): string {
  const minutes = Math.round(ms / msPerMinute);
  if (minutes < 60) return `${String(minutes)} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${String(hours)} h` : `${String(Math.round(hours / 24))} days`;
}

import type { RunKind } from '../../../contracts/runs.js';
import type { Run } from '../../../store/runs.js';
import { duration } from '../parts/figures.js';

export const kindWords: Readonly<Record<RunKind, string>> = {
  tick: 'Start what is due',
  collect: 'Collection',
  backfill: 'Backfill',
  analyze: 'Analysis',
  'analyze-daily': 'Daily analysis',
  import: 'Import',
  export: 'Export',
  maintain: 'Upkeep',
};

export function tookOf({ startedAt, finishedAt }: Pick<Run, 'startedAt' | 'finishedAt'>, now: Date): string {
  return finishedAt === null
    ? `${duration(now.getTime() - startedAt.getTime())} so far`
    : duration(finishedAt.getTime() - startedAt.getTime());
}

import { dayNumber, dayText, msPerDay } from './calendar.js';
import type { GeneratedWorld } from './generated-world.js';
import { correctionInstant } from './generated-videos.js';
import { definitionChangeFactor, plantedAt, stockSources } from './release-plan.js';

interface Subject {
  platform: 'youtube';
  /** The platform's id of the content. */
  externalId: string;
  releaseTitle: string;
}
interface OnDay extends Subject {
  metric: 'views';
  /** ISO day, UTC and Pacific alike: the audience sleeps between the two midnights. */
  day: string;
  /** What the day's, or from it every day's, gain was multiplied by. */
  factor: number;
}

/** What was planted into a generated world: JSON, read by acceptance tests. */
export interface WorldAnswers {
  seed: number;
  anchorDay: string;
  spike: OnDay;
  drop: OnDay;
  changePoint: OnDay;
  /** The platform leaves the video out over [from, to); it gains nothing meanwhile. */
  outage: Subject & { from: string; to: string };
  /** The view counter falls, and the reports do not. */
  correction: Subject & { metric: 'views'; at: string; fell: number };
  definitionChange: {
    platform: 'youtube';
    metric: 'views';
    day: string;
    factor: number;
    /** The metric that goes on as before. */
    unchanged: 'engagedViews';
  };
  cyclical: Subject & { metric: 'views'; periodDays: number };
  flat: Subject & { metric: 'views' };
  stockSources: {
    asOf: string;
    halfLifeDays: number;
    /** Best first, with decay by the day of the performance. */
    ranking: string[];
    /** The one that leads without decay. */
    faded: string;
    /** The one with two releases. */
    lowEvidence: string;
  };
  /** Over the artist's releases; `views` at day 28 unless lifetime is said. */
  correlations: {
    true: { feature: string; outcome: string; sign: -1 | 1; atLeast: number };
    confounded: { feature: string; outcome: string; by: string };
    none: string[];
  };
  /** What the demonstration leaves in the ledgers beside what went well. */
  looseEnds: typeof looseEnds;
}

export const looseEnds = {
  /** Ended in a failure, and was started again under the same workflow id. */
  retriedRun: { kind: 'import', workflowIdStart: 'import/exports/' },
  pausedSchedule: { id: 'maintain', reason: 'Until somebody has looked at the first year' },
  unfinishedBackfill: { platform: 'spotify', report: 'counters', days: 14 },
} as const;

/** The planted truths of a generated world. */
export function answersOf(world: GeneratedWorld): WorldAnswers {
  const anchor = dayNumber(world.anchorDay);
  const subject = (index: number): Subject => ({
    platform: 'youtube',
    externalId: world.releases[index]!.videoId,
    releaseTitle: world.releases[index]!.title,
  });
  const onDay = (planted: { release: number; daysAgo: number; factor: number }): OnDay => ({
    ...subject(planted.release),
    metric: 'views',
    day: dayText(anchor - planted.daysAgo),
    factor: planted.factor,
  });
  const { outage, correction, cyclical, flat } = plantedAt;
  const correctionMs = correctionInstant(world.anchorDay);
  const corrected = world.releases[correction.release]!.videoId;
  const viewsAt = (ms: number): number => world.youtube.video(corrected, new Date(ms))?.statistics.views ?? 0;
  return {
    seed: world.seed,
    anchorDay: world.anchorDay,
    spike: onDay(plantedAt.spike),
    drop: onDay(plantedAt.drop),
    changePoint: onDay(plantedAt.changePoint),
    outage: {
      ...subject(outage.release),
      from: new Date((anchor - outage.daysAgo) * msPerDay).toISOString(),
      to: new Date((anchor - outage.daysAgo + outage.days) * msPerDay).toISOString(),
    },
    correction: {
      ...subject(correction.release),
      metric: 'views',
      at: new Date(correctionMs).toISOString(),
      fell: viewsAt(correctionMs - 1) - viewsAt(correctionMs),
    },
    definitionChange: {
      platform: 'youtube',
      metric: 'views',
      day: world.definitionChanges[0]!.validFrom,
      factor: definitionChangeFactor,
      unchanged: 'engagedViews',
    },
    cyclical: { ...subject(cyclical.release), metric: 'views', periodDays: cyclical.periodDays },
    flat: { ...subject(flat.release), metric: 'views' },
    stockSources: {
      asOf: world.anchorDay,
      halfLifeDays: 30,
      ranking: [
        stockSources.first,
        stockSources.second,
        stockSources.twoReleases,
        stockSources.fourth,
        stockSources.faded,
        stockSources.last,
      ],
      faded: stockSources.faded,
      lowEvidence: stockSources.twoReleases,
    },
    correlations: {
      true: { feature: 'duration_seconds', outcome: 'views at day 28', sign: -1, atLeast: 0.85 },
      confounded: { feature: 'description_length', outcome: 'lifetime views', by: 'age' },
      none: ['title_length', 'tag_count', 'tempo_bpm'],
    },
    looseEnds,
  };
}

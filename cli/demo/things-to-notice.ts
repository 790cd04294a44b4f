/** Five things that the generated world holds, each with the page that shows it. */
import type { Pool } from 'pg';
import { answersOf, type WorldAnswers } from '../../sandbox/world-answers.js';
import { findContents } from '../../store/engagement.js';
import type { DemoWorld } from './worlds.js';

export interface ThingToNotice {
  text: string;
  url: string;
}

/** Ten years: over one of data, as good as no decay. */
const noDecayDays = 3_650;

export async function thingsToNotice(pool: Pool, demo: DemoWorld, siteUrl: string): Promise<ThingToNotice[]> {
  if (demo.kind !== 'generated') return [];
  const answers = answersOf(demo.world);
  const releases = await releasesOf(pool, answers);
  const release = (externalId: string, query: string): string =>
    `${siteUrl}/releases/${String(releases.get(externalId) ?? '')}?${query}`;
  const { spike, changePoint, correction, stockSources } = answers;
  return [
    {
      text: `${spike.releaseTitle}: on ${spike.day} it gained ${String(spike.factor)} times what was usual; the table says what was expected.`,
      url: release(spike.externalId, 'range=90d&metric=views'),
    },
    {
      text: `${changePoint.releaseTitle}: from ${changePoint.day} on it runs at ${String(changePoint.factor)} times its old level, and the forecast follows.`,
      url: release(changePoint.externalId, 'range=1y&metric=views'),
    },
    {
      text: `${correction.releaseTitle}: the platform took ${Math.round(correction.fell).toLocaleString('en')} views back; a correction, and no anomaly.`,
      url: release(correction.externalId, 'range=90d&metric=views'),
    },
    {
      text: `${stockSources.faded} would lead the stock sources without time decay; with it, it has faded.`,
      url: `${siteUrl}/stock-sources?half_life=${String(noDecayDays)}`,
    },
    {
      text: 'Shorter videos went with more views, whatever their age; longer descriptions only seem to.',
      url: `${siteUrl}/insights`,
    },
  ];
}

async function releasesOf(pool: Pool, answers: WorldAnswers): Promise<Map<string, number>> {
  const { spike, changePoint, correction } = answers;
  const names = [spike, changePoint, correction].map(({ externalId }) => externalId);
  const contents = await findContents(pool, names, ['youtube']);
  return new Map(
    contents.flatMap(({ externalId, releaseId }) =>
      externalId === null || releaseId === null ? [] : [[externalId, releaseId]],
    ),
  );
}

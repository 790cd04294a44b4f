/** Five things that the generated world holds, each with the page that shows it. */
import type { Pool } from 'pg';
import type { WorldAnswers } from '../../sandbox/world-answers.js';
import type { ThingToNotice } from '../../server/dependencies.js';
import { findContents } from '../../store/engagement.js';

/** Ten years: over one of data, as good as no decay. */
const noDecayDays = 3_650;

export async function thingsToNotice(pool: Pool, answers: WorldAnswers): Promise<ThingToNotice[]> {
  const releases = await releasesOf(pool, answers);
  const release = (externalId: string, query: string): string =>
    `/releases/${String(releases.get(externalId) ?? '')}?${query}`;
  const { spike, changePoint, correction, stockSources } = answers;
  return [
    {
      text: `${spike.releaseTitle}: on ${spike.day} it gained ${String(spike.factor)} times what was usual; the table says what was expected.`,
      path: release(spike.externalId, 'range=90d&metric=views'),
    },
    {
      text: `${changePoint.releaseTitle}: from ${changePoint.day} on it runs at ${String(changePoint.factor)} times its old level, and the forecast follows.`,
      path: release(changePoint.externalId, 'range=1y&interval=day&metric=views'),
    },
    {
      text: `${correction.releaseTitle}: the platform took ${Math.round(correction.fell).toLocaleString('en')} views back; a correction, and no anomaly.`,
      path: release(correction.externalId, 'range=90d&metric=views'),
    },
    {
      text: `${stockSources.faded} would lead the stock sources without time decay; with it, it has faded.`,
      path: `/stock-sources?half_life=${String(noDecayDays)}`,
    },
    {
      text: 'Shorter videos went with more views, whatever their age; longer descriptions only seem to.',
      path: '/insights',
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

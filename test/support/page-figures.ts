/** Tables of the pages beside what the API answers of the same: a row a line, as the page writes it. */
import type { Page } from 'playwright-core';
import { fixed, figure, numberText, percentText } from '../../server/pages/parts/figures.js';
import type { Places } from './furnish.js';

type Ask = (path: string) => Promise<{ data: unknown }>;

type Row = Readonly<Record<string, unknown>>;

export interface ComparedTable {
  name: string;
  path: (places: Places) => string;
  shown: (page: Page) => Promise<string[]>;
  told: (ask: Ask, places: Places) => Promise<string[]>;
}

/** The chosen cells of each row, by their number from the left; spaces are all alike. */
function cells(selector: string, ...columns: number[]): ComparedTable['shown'] {
  return async (page) => {
    // What is folded has text, and is not drawn.
    const rows = await page
      .locator(selector)
      .evaluateAll((found) => found.map((row) => [...row.children].map(({ textContent }) => textContent)));
    return rows.map((row) => columns.map((column) => plain(row[column] ?? '')).join(' | '));
  };
}

const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
/** Answers are read as they come; a field that is not there makes the comparison fail. */
const listed = async (ask: Ask, path: string): Promise<Row[]> => (await ask(path)).data as Row[];
const text = (value: unknown): string => plain(String(value));
const dayBefore = (day: string, days: number): string =>
  new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);

export const comparedTables: readonly ComparedTable[] = [
  {
    name: 'Overview',
    path: () => '/?range=30d',
    shown: async (page) => {
      const cards = await page
        .locator('.card')
        .evaluateAll((found) =>
          found.map((card) => [
            card.querySelector('h3')!.textContent,
            card.querySelector('abbr')?.title ?? card.querySelector('.figure-value')!.textContent,
          ]),
        );
      return cards.map((card) => card.join(' | ')).sort();
    },
    told: async (ask) => {
      const { total_content_pieces: contents, totals } = (await ask('/analytics/dashboard/overview'))
        .data as { total_content_pieces: number; totals: Record<string, number | null> };
      const known = Object.entries(totals).filter(([, total]) => total !== null);
      const named = known.map(([metric, total]) => {
        const words = metric.replaceAll('_', ' ');
        return `${words.charAt(0).toUpperCase()}${words.slice(1)} | ${numberText(total)}`;
      });
      return [`Contents | ${numberText(contents)}`, ...named].sort();
    },
  },
  {
    name: 'Releases',
    path: () => '/releases',
    shown: async (page) => (await cells('main tbody tr', 0)(page)).sort(),
    told: async (ask) =>
      (await listed(ask, '/api/v1/releases?limit=100'))
        .filter(({ state }) => state === 'approved')
        .map(({ title }) => text(title))
        .sort(),
  },
  {
    name: 'Release',
    path: ({ release }) => `/releases/${release}?range=90d&metric=views&interval=day`,
    shown: cells('#figures tbody tr', 0, 1),
    told: async (ask, { release, today }) => {
      const query = `metric=views&from=${dayBefore(today, 89)}&to=${dayBefore(today, -1)}&interval=day`;
      const { series } = (await ask(`/api/v1/releases/${release}/series?${query}`)).data as {
        series: { points: { t: string; value: number | null; complete: boolean }[] }[];
      };
      return series[0]!.points
        .map(
          ({ t, value, complete }) =>
            `${t} | ${numberText(value)}${value !== null && !complete ? ' not final' : ''}`,
        )
        .reverse();
    },
  },
  {
    name: 'Trending',
    path: () => '/trending?range=7d',
    shown: async (page) => (await cells('main tbody tr', 0, 1, 3)(page)).slice(0, 5),
    told: async (ask) =>
      (await listed(ask, '/analytics/dashboard/trending?timeframe=7d')).slice(0, 5).map((row) => {
        const growth = Number(row['growth']);
        const platform = String(row['platform']) === 'youtube' ? 'YouTube' : 'Spotify';
        const word = `${growth > 0 ? '↑' : '↓'} ${percentText(Math.abs(growth))} ${growth > 0 ? 'more' : 'less'}`;
        return `${String(row['title'])} | ${platform} | ${word}`;
      }),
  },
  {
    name: 'Stock sources',
    path: () => '/stock-sources',
    shown: cells('main tbody tr', 0, 3, 5),
    told: async (ask) =>
      (await listed(ask, '/api/v1/stock-sources')).map(
        ({ rank, score, releases }) => `${String(rank)} | ${fixed(Number(score), 2)} | ${String(releases)}`,
      ),
  },
  {
    name: 'Insights',
    path: () => '/insights',
    shown: async (page) => (await page.locator('.insights h2').allInnerTexts()).map(plain),
    told: async (ask) => {
      const told = await listed(ask, '/api/v1/insights?limit=25');
      return told.map(({ title }) => text(title));
    },
  },
  {
    name: 'Experiments',
    path: () => '/experiments',
    shown: cells('main tbody tr', 0, 5),
    told: async (ask) =>
      (await listed(ask, '/api/v1/experiments')).map(
        ({ name, planned_per_variant: planned }) => `${String(name)} | ${figure(Number(planned))}`,
      ),
  },
  {
    name: 'Runs',
    path: () => '/runs',
    shown: cells('main tbody tr', 0, 5),
    told: async (ask) =>
      (await listed(ask, '/api/v1/runs?limit=50')).map(({ id, counts }) => {
        const { inserted = 0, updated = 0 } = counts as { inserted?: number; updated?: number };
        return `${String(id)} | ${figure(inserted + updated)}`;
      }),
  },
  {
    name: 'Schedules',
    path: () => '/schedules',
    shown: async (page) =>
      (await page.locator('.schedules h2').allInnerTexts()).map((text) => plain(text).split(' ')[0]!),
    told: async (ask) => (await listed(ask, '/api/v1/schedules')).map(({ id }) => String(id)),
  },
  {
    name: 'Backfills',
    path: () => '/backfills',
    shown: cells('main tbody tr', 0, 3, 4),
    told: async (ask) =>
      (await listed(ask, '/api/v1/backfills')).map(({ id, days }) => {
        const { open, done } = days as { open: number; done: number };
        return `${String(id)} | ${figure(open)} | ${figure(done)}`;
      }),
  },
  {
    name: 'Unlinked contents',
    path: () => '/add-data/unlinked',
    shown: async (page) => (await page.locator('main tbody th .under').allInnerTexts()).map(plain),
    told: async (ask) =>
      (await listed(ask, '/api/v1/contents?linked=false')).map(({ content_id: id }) => text(id)),
  },
];

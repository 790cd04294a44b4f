import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportDatasets, exportFormats, type ExportRequest } from '../../../contracts/exports.js';
import { streamDataset, type StreamOptions } from '../../../services/exports/stream-dataset.js';
import {
  BadInputError,
  PerformanceAnalyticsManager,
  StockSuccessTracker,
  StoreError,
  UnknownTimeframeError,
} from '../../../services/index.js';
import { analyseGeneratedHistory, type AnalysedHistory } from './analysed-history.js';
import { byHeader, bytesOf, parseCsv, sheetOf, textOf } from './exported.js';

type Row = Record<string, unknown>;
type Document = Record<string, Row[]>;

let history: AnalysedHistory;
beforeAll(async () => {
  history = await analyseGeneratedHistory();
});
afterAll(() => history.close());

const request = (told: Partial<ExportRequest>): ExportRequest => ({
  dataset: 'series',
  format: 'json',
  timeframe: '30d',
  platforms: null,
  contentIds: null,
  includeMetadata: false,
  ...told,
});

async function exported(
  told: Partial<ExportRequest>,
  options: Partial<StreamOptions> = {},
): Promise<{ bytes: Buffer; rows: number }> {
  const { pool, clock } = history.deps;
  const stream = await streamDataset(pool, request(told), { now: clock.now(), ...options });
  const bytes = await bytesOf(stream);
  return { bytes, rows: stream.rows() };
}

async function json(told: Partial<ExportRequest>, options: Partial<StreamOptions> = {}): Promise<Document> {
  return JSON.parse((await exported(told, options)).bytes.toString()) as Document;
}

describe('every dataset', () => {
  it.each(exportDatasets.flatMap((dataset) => exportFormats.map((format) => ({ dataset, format }))))(
    'of $dataset as $format holds the same rows, and says how many',
    async ({ dataset, format }) => {
      // The runs of the history began after its clock.
      const now = new Date(history.deps.clock.now().getTime() + (dataset === 'runs' ? 86_400_000 : 0));
      const document = await json({ dataset }, { now });
      const wanted = Object.values(document).flat();
      const { bytes, rows } = await exported({ dataset, format }, { now });
      expect(rows).toBe(wanted.length);
      expect(rows).toBeGreaterThan(0);
      if (format === 'json') return;
      const table = format === 'csv' ? parseCsv(bytes.toString()) : await sheetOf(bytes);
      const found = byHeader<unknown>(table);
      expect(found).toHaveLength(rows);
      found.forEach((row, index) => {
        for (const [name, value] of Object.entries(wanted[index]!)) {
          const cell = row[name] ?? '';
          if (value === null) expect(cell, name).toBe('');
          else if (typeof value === 'object') expect(JSON.parse(cell as string), name).toEqual(value);
          else if (cell instanceof Date) expect(cell.toISOString().slice(0, 10)).toBe(value);
          // Two readings may add the same figures up in another order.
          else if (typeof value === 'number') expect(Number(cell), name).toBeCloseTo(value, 9);
          else expect(textOf(cell), name).toBe(textOf(value));
        }
      });
    },
  );
});

describe('what is in them', () => {
  it('is the overview of the dashboard, by platform and altogether', async () => {
    const { pool, clock } = history.deps;
    const told = await new PerformanceAnalyticsManager(pool, { clock }).getDashboardOverview('30d');
    const { overview } = await json({ dataset: 'overview' });
    expect(overview!.at(0)).toMatchObject({
      platform: 'all',
      content_pieces: told.total_content_pieces,
      ...told.totals,
      previous_views: told.previous_totals.views,
    });
    expect(overview!.slice(1).map(({ platform }) => platform)).toEqual(
      told.platforms.map(({ platform }) => platform),
    );
    for (const { platform, content_pieces, releases, totals } of told.platforms)
      expect(overview!.find((row) => row['platform'] === platform)).toMatchObject({
        ...{ content_pieces, releases },
        ...totals,
      });
  });

  it('is of contents: their analysis, insights and trends', async () => {
    const { pool, clock } = history.deps;
    const manager = new PerformanceAnalyticsManager(pool, { clock });
    const document = await json({ dataset: 'content' });
    expect(Object.keys(document)).toEqual([
      'content_analysis',
      'optimization_insights',
      'performance_trends',
    ]);
    const [first] = document['content_analysis']!;
    const id = first!['content_id'] as string;
    const summary = await manager.dashboard.getContentPerformanceSummary(id);
    expect(first).toMatchObject({
      ...summary.totals,
      performance_score: summary.performance_score,
      engagement_rate_computed: summary.engagement_rate_computed,
      release_id: summary.release_id,
    });
    const trends = document['performance_trends']!.filter((row) => row['content_id'] === id);
    expect(trends.map(({ metric_name, direction }) => ({ metric_name, direction }))).toEqual(
      summary.trends.map(({ metric_name, direction }) => ({ metric_name, direction })),
    );
    const asked = await manager.getOptimizationInsights(undefined, undefined, 100);
    const open = document['optimization_insights']!.filter(({ status }) => status === 'open');
    expect(open.map(({ title }) => title)).toEqual(asked.map(({ title }) => title));
  });

  it('is the series of the contents and platforms asked for', async () => {
    const all = (await json({}))['series']!;
    const [{ content_id: id, platform }] = all as [{ content_id: string; platform: string }];
    const one = (await json({ contentIds: [id] }))['series']!;
    expect(one).toEqual(all.filter((row) => row['content_id'] === id));
    // The last of the thirty days has not ended.
    expect(one).toHaveLength(29);
    const spotify = (await json({ platforms: ['Spotify'] }))['series']!;
    expect(spotify).toEqual(all.filter((row) => row['platform'] === 'spotify'));
    expect(spotify.length).toBeGreaterThan(0);
    expect(platform).toBe('youtube');
    const long = (await json({ contentIds: [id], timeframe: '90d' }))['series']!;
    expect(long.length).toBeGreaterThan(30);
  });

  it('is the ranking of sources, and the runs', async () => {
    const { pool, clock } = history.deps;
    const ranked = await new StockSuccessTracker({ pool, clock, halfLifeDays: 14 }).rankSources();
    const { sources } = await json({ dataset: 'sources' }, { halfLifeDays: 14 });
    expect(sources!.map(({ source_name }) => source_name)).toEqual(
      ranked.map(({ source_name }) => source_name),
    );
    for (const [index, { score }] of ranked.entries())
      expect(sources![index]!['score']).toBeCloseTo(score, 9);
    const later = new Date(clock.now().getTime() + 86_400_000);
    const { runs } = await json({ dataset: 'runs' }, { now: later });
    expect(runs![0]).toMatchObject({ run_id: history.runId, kind: 'analyze', counts: {}, warnings: [] });
  });

  it('says what it is when asked', async () => {
    const told = { dataset: 'series', includeMetadata: true, platforms: ['x'] } as const;
    const metadata = (await json(told))['metadata'] as unknown as Row;
    const { clock } = history.deps;
    expect(metadata).toMatchObject({
      dataset: 'series',
      timeframe: '30d',
      platforms: ['twitter'],
      content_ids: null,
      exported_at: clock.now().toISOString(),
      units: { watch_time: 'minutes', engagement_rate: 'fraction' },
      columns: { series: { day: 'day', views: 'number' } },
    });
    const csv = (await exported({ ...told, format: 'csv' })).bytes.toString().split('\r\n');
    expect(csv[0]).toBe('# dataset: series');
    expect(csv.find((line) => !line.startsWith('#'))).toMatch(/^content_id,platform,/);
    const sheet = await sheetOf((await exported({ ...told, format: 'xlsx' })).bytes);
    expect(sheet[0]).toEqual(expect.arrayContaining(['dataset', 'series']));
  });
});

describe('what makes no sense', () => {
  it.each([
    [{ timeframe: '3 weeks' }, UnknownTimeframeError],
    [{ dataset: 'weather' as never }, BadInputError],
    [{ format: 'pdf' as never }, BadInputError],
    [{ platforms: ['myspace'] }, BadInputError],
    [{ contentIds: ['nobody'] }, StoreError],
    [{ dataset: 'sources' as const, platforms: ['youtube'] }, BadInputError],
    [{ dataset: 'runs' as const, contentIds: ['nobody'] }, BadInputError],
  ])('is refused before anything is read: %j', async (told, error) => {
    await expect(exported(told)).rejects.toThrow(error);
  });
});

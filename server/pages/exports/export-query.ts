/** What somebody asks to export, as it stands in an address or a form. */
import { z } from 'zod';
import {
  exportDatasets,
  exportFormats,
  type ExportDataset,
  type ExportRequest,
} from '../../../contracts/exports.js';
import { DashboardTimeframe, platforms, type Platform } from '../../../contracts/vocabulary.js';
import type { SectionPath } from '../shell.js';
import { given, withQuery } from '../parts/query.js';

const timeframes = Object.values(DashboardTimeframe) as [DashboardTimeframe, ...DashboardTimeframe[]];

export const exportFields = {
  dataset: given(z.enum(exportDatasets)),
  format: given(z.enum(exportFormats)),
  timeframe: given(z.enum(timeframes)),
  platform: given(z.enum(platforms as [Platform, ...Platform[]])),
  metadata: given(z.literal('1')),
};
export const exportQuery = z.object(exportFields);
export type ExportQuery = z.infer<typeof exportQuery>;

/** Everything that was not told: the contents of the last 30 days as CSV. */
export function exportRequest(told: ExportQuery): ExportRequest {
  return {
    dataset: told.dataset ?? 'content',
    format: told.format ?? 'csv',
    timeframe: told.timeframe ?? DashboardTimeframe.LAST_30_DAYS,
    platforms: told.platform === undefined ? null : [told.platform],
    contentIds: null,
    includeMetadata: told.metadata === '1',
  };
}

const datasetOfSection: Readonly<Partial<Record<SectionPath, ExportDataset>>> = {
  '/': 'overview',
  '/releases': 'series',
  '/trending': 'content',
  '/stock-sources': 'sources',
  '/insights': 'insights',
  '/runs': 'runs',
};

/** The shortest timeframe that holds what a page’s range shows. */
const timeframeOfRange: Readonly<Record<string, DashboardTimeframe>> = {
  '24h': DashboardTimeframe.LAST_7_DAYS,
  '7d': DashboardTimeframe.LAST_7_DAYS,
  '28d': DashboardTimeframe.LAST_30_DAYS,
  '30d': DashboardTimeframe.LAST_30_DAYS,
  '90d': DashboardTimeframe.LAST_90_DAYS,
  '1y': DashboardTimeframe.LAST_YEAR,
  life: DashboardTimeframe.LAST_YEAR,
};

/** Where the figures of a page are exported, with its range and platform taken along; null where it has none. */
export function exportPathOf(section: SectionPath | null, url: string): string | null {
  const dataset = section === null ? undefined : datasetOfSection[section];
  if (dataset === undefined) return null;
  const query = new URL(url, 'http://localhost').searchParams;
  const platform = platforms.find((known) => known === query.get('platform'));
  return withQuery('/exports', {
    dataset,
    timeframe: timeframeOfRange[query.get('range') ?? ''],
    platform: dataset === 'sources' ? undefined : platform,
  });
}

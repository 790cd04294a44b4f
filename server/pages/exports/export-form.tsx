import { randomUUID } from 'node:crypto';
import type { VNode } from 'preact';
import { exportDatasets, type ExportDataset } from '../../../contracts/exports.js';
import { platforms } from '../../../contracts/vocabulary.js';
import { wordFor } from '../filter-bar.js';
import { Field, Select } from '../parts/form.js';
import type { Viewer } from '../parts/viewer.js';
import { exportRequest, type ExportQuery } from './export-query.js';

export const datasetWords: Readonly<Record<ExportDataset, string>> = {
  overview: 'Overview: totals by platform',
  content: 'Contents: figures, insights and trends',
  series: 'Series: every day of every content',
  insights: 'Insights',
  sources: 'Stock sources',
  runs: 'Runs',
};
const formatWords = { csv: 'CSV', json: 'JSON', xlsx: 'Workbook (XLSX)' } as const;
const timeframeWords = {
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
  '1y': 'Last year',
} as const;

/**
 * Two ways from one form: the file at once, or made in the background by whoever may write. The session's token
 * stands in the second way's address alone, so that the first one's does not show it.
 */
export function ExportForm({ told, viewer }: { told: ExportQuery; viewer: Viewer }): VNode {
  const { dataset, format, timeframe, includeMetadata } = exportRequest(told);
  return (
    <form method="get" action="/exports/now" class="filters" aria-label="What to export">
      <input type="hidden" name="_form" value={randomUUID()} />
      <Field id="dataset" label="What">
        <Select
          id="dataset"
          options={Object.fromEntries(exportDatasets.map((name) => [name, datasetWords[name]]))}
          chosen={dataset}
        />
      </Field>
      <Field id="timeframe" label="Period">
        <Select id="timeframe" options={timeframeWords} chosen={timeframe} />
      </Field>
      <Field id="platform" label="Platform">
        <Select
          id="platform"
          options={{ '': 'All', ...Object.fromEntries(platforms.map((name) => [name, wordFor(name)])) }}
          chosen={told.platform}
        />
      </Field>
      <Field id="format" label="Format">
        <Select id="format" options={formatWords} chosen={format} />
      </Field>
      <label>
        <input type="checkbox" name="metadata" value="1" checked={includeMetadata} /> Say in the file what it
        is
      </label>
      <button type="submit" class="button-main">
        Download
      </button>
      {viewer.may('write') ? (
        <button
          type="submit"
          formMethod="post"
          formAction={`/exports?_csrf=${encodeURIComponent(viewer.csrfToken)}`}
        >
          Make it in the background
        </button>
      ) : null}
    </form>
  );
}

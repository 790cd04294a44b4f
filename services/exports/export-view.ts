import type { ExportDataset, ExportFormat, ExportState } from '../../contracts/exports.js';
import type { StoredExport } from '../../store/exports.js';

/** An export as callers read it. */
export interface ExportView {
  export_id: string;
  dataset: ExportDataset;
  format: ExportFormat;
  timeframe: string;
  platforms: string[] | null;
  content_ids: string[] | null;
  include_metadata: boolean;
  state: ExportState;
  rows: number;
  bytes: number | null;
  file_name: string;
  requested_by: string;
  run_id: string | null;
  failure: string | null;
  created_at: string;
  finished_at: string | null;
  /** After it the link leads nowhere. */
  expires_at: string;
}

/** Everything but what its link is compared with. */
export function exportView(stored: StoredExport): ExportView {
  return {
    export_id: stored.id,
    dataset: stored.dataset,
    format: stored.format,
    timeframe: stored.timeframe,
    platforms: stored.platforms,
    content_ids: stored.contentIds,
    include_metadata: stored.includeMetadata,
    state: stored.state,
    rows: stored.rows,
    bytes: stored.bytes,
    file_name: stored.fileName,
    requested_by: stored.requestedBy,
    run_id: stored.runId,
    failure: stored.failure,
    created_at: stored.createdAt.toISOString(),
    finished_at: stored.finishedAt?.toISOString() ?? null,
    expires_at: stored.expiresAt.toISOString(),
  };
}

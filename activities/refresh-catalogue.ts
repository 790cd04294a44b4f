import type { CollectStatsInput } from '../contracts/runs.js';
import { refreshCatalogue, type CatalogueResult } from '../services/refresh-catalogue.js';
import type { ActivityDependencies } from './dependencies.js';
import { withHeartbeat } from './heartbeat.js';

export interface CatalogueRequest {
  runId: string;
  input: CollectStatsInput;
}

/** Walks an account's contents and keeps their descriptions, once a day. */
export function createRefreshCatalogue(deps: ActivityDependencies) {
  return function refreshCatalogueActivity({ input }: CatalogueRequest): Promise<CatalogueResult> {
    return withHeartbeat(({ signal }) => refreshCatalogue(deps, input, signal));
  };
}

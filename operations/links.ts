/** Addresses in Temporal's web UI. */

export interface UiAddress {
  /** Root of the UI, without a slash at its end. */
  uiUrl: string;
  namespace: string;
}

/** A run's page; without a Temporal run id, the latest run of that workflow id. */
export function runLink({ uiUrl, namespace }: UiAddress, workflowId: string, runId: string | null): string {
  const workflow = `${root(uiUrl, namespace)}/workflows/${encodeURIComponent(workflowId)}`;
  return runId === null ? workflow : `${workflow}/${encodeURIComponent(runId)}/history`;
}

export function scheduleLink({ uiUrl, namespace }: UiAddress, id: string): string {
  return `${root(uiUrl, namespace)}/schedules/${encodeURIComponent(id)}`;
}

/** The list of runs that a visibility query finds. */
export function runsLink({ uiUrl, namespace }: UiAddress, query: string): string {
  return `${root(uiUrl, namespace)}/workflows?query=${encodeURIComponent(query)}`;
}

function root(uiUrl: string, namespace: string): string {
  return `${uiUrl.replace(/\/+$/, '')}/namespaces/${encodeURIComponent(namespace)}`;
}

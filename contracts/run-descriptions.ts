/**
 * How every run is named and described, so that Temporal's UI alone tells what it is about: an id that reads
 * like a sentence, a summary of one line, details, and typed search attributes. Workflows and clients start
 * runs from these alone.
 */
import type {
  AnalysisScope,
  AnalyzePerformanceInput,
  BackfillInput,
  CollectStatsInput,
  DayWindow,
  ExportDataInput,
  ImportFileInput,
  MaintainDataInput,
  RunKind,
} from './runs.js';
import { searchAttributes } from './search-attributes.js';
import type { Platform } from './vocabulary.js';

interface AttributeOf<Type extends string, Value> {
  key: { name: string; type: Type };
  value: Value;
}
export type RunAttribute =
  AttributeOf<'KEYWORD', string> | AttributeOf<'INT', number> | AttributeOf<'DATETIME', Date>;

export interface RunDescription {
  workflowId: string;
  staticSummary: string;
  staticDetails: string;
  typedSearchAttributes: RunAttribute[];
}

export interface RunSubject {
  runKind: RunKind;
  platform?: Platform | undefined;
  account?: string | undefined;
  release?: number | undefined;
  /** ISO day; recorded as that day's midnight in UTC. */
  windowStart?: string | undefined;
}

export function runAttributes(subject: RunSubject): RunAttribute[] {
  const attributes: RunAttribute[] = [keyword(searchAttributes.runKind, subject.runKind)];
  if (subject.platform !== undefined) attributes.push(keyword(searchAttributes.platform, subject.platform));
  if (subject.account !== undefined) attributes.push(keyword(searchAttributes.account, subject.account));
  if (subject.release !== undefined)
    attributes.push({ key: { name: searchAttributes.release, type: 'INT' }, value: subject.release });
  if (subject.windowStart !== undefined)
    attributes.push({
      key: { name: searchAttributes.windowStart, type: 'DATETIME' },
      value: new Date(`${subject.windowStart}T00:00:00Z`),
    });
  return attributes;
}

function keyword(name: string, value: string): RunAttribute {
  return { key: { name, type: 'KEYWORD' }, value };
}

/** `2026-01-05`, or `2026-01-05..2026-01-11` with the last day included. */
export function windowText({ from, to }: DayWindow): string {
  const last = new Date(Date.parse(`${to}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
  return last <= from ? from : `${from}..${last}`;
}

/** `collect/youtube/main/2026-01-05`; the report stands in it unless it is the counters, `/2` for a re-read. */
export function describeCollect(input: CollectStatsInput): RunDescription {
  const window = windowText(input.window);
  const path = ['collect', input.platform, input.account];
  if (input.report !== 'counters') path.push(input.report);
  if (input.release !== undefined) path.push(`release-${input.release}`);
  path.push(window);
  if (input.reading > 1) path.push(String(input.reading));
  const ofRelease = input.release === undefined ? '' : ` of release ${input.release}`;
  return {
    workflowId: path.join('/'),
    staticSummary: `Collect ${input.platform} ${input.report}${ofRelease} of ${input.account}, ${window}`,
    staticDetails: details([
      ['Platform', input.platform],
      ['Account', input.account],
      ['Report', input.report],
      ['Release', input.release === undefined ? null : String(input.release)],
      ['Window', window],
      ['Reading', String(input.reading)],
      ['Instants', input.moments.length === 0 ? null : String(input.moments.length)],
      ['Backfill plan', input.planId === null ? null : String(input.planId)],
    ]),
    typedSearchAttributes: runAttributes({
      runKind: 'collect',
      platform: input.platform,
      account: input.account,
      release: input.release,
      windowStart: input.window.from,
    }),
  };
}

/** What a backfill's id and summary need to know of its plan. */
export interface BackfillSubject extends DayWindow {
  platform: Platform;
  account: string;
  report: string;
}

/** `backfill/youtube/main/2026-01-05..2026-03-01/plan-12`. */
export function describeBackfill(input: BackfillInput, plan: BackfillSubject): RunDescription {
  const window = windowText(plan);
  const path = ['backfill', plan.platform, plan.account];
  if (plan.report !== 'counters') path.push(plan.report);
  path.push(window, `plan-${input.planId}`);
  return {
    workflowId: path.join('/'),
    staticSummary: `Backfill ${plan.platform} ${plan.report} of ${plan.account}, ${window}`,
    staticDetails: details([
      ['Platform', plan.platform],
      ['Account', plan.account],
      ['Report', plan.report],
      ['Window', window],
      ['Plan', String(input.planId)],
      ['Windows at a time', String(input.concurrency)],
    ]),
    typedSearchAttributes: runAttributes({
      runKind: 'backfill',
      platform: plan.platform,
      account: plan.account,
      windowStart: plan.from,
    }),
  };
}

/** `analyze/<name>`; `name` tells what made it run, usually the id of the run before it. */
export function describeAnalyze(input: AnalyzePerformanceInput, name: string): RunDescription {
  const what = scopeText(input.scope);
  return {
    workflowId: `analyze/${name}`,
    staticSummary: `Analyze ${what}${input.chain === 'full' ? ', the whole chain' : ''}`,
    staticDetails: details([
      ['Scope', what],
      ['Chain', input.chain],
      ['Cause', input.cause],
    ]),
    typedSearchAttributes: runAttributes({ runKind: 'analyze' }),
  };
}

export function scopeText(scope: AnalysisScope): string {
  switch (scope.kind) {
    case 'all':
      return 'all contents';
    case 'run':
      return `the contents of run ${scope.runId}`;
    case 'artist':
      return `the contents of artist ${scope.artistId}`;
    case 'contents':
      return `${scope.contentIds.length} contents`;
  }
}

/** `import/<file's name>/<name>`; the folder that it stands in is of no concern to whoever reads the UI. */
export function describeImport(input: ImportFileInput, name: string): RunDescription {
  const file = input.path.split(/[\\/]/).filter(Boolean).at(-1) ?? input.path;
  return {
    workflowId: `import/${file}/${name}`,
    staticSummary: `Import ${file} (${input.format})`,
    staticDetails: details([
      ['File', file],
      ['Format', input.format],
      ['Account', input.account],
    ]),
    typedSearchAttributes: runAttributes({ runKind: 'import', account: input.account ?? undefined }),
  };
}

/** `export/series-csv/17`; the number is the export's own, so that asking twice makes it once. */
export function describeExport({ exportId, dataset, format }: ExportDataInput): RunDescription {
  return {
    workflowId: `export/${dataset}-${format}/${exportId}`,
    staticSummary: `Export ${dataset} as ${format}`,
    staticDetails: details([
      ['Dataset', dataset],
      ['Format', format],
      ['Export', exportId],
    ]),
    typedSearchAttributes: runAttributes({ runKind: 'export' }),
  };
}

export function describeMaintain(input: MaintainDataInput, name: string): RunDescription {
  return {
    workflowId: `maintain/${name}`,
    staticSummary: input.dryRun ? 'Count what maintenance would remove' : 'Retention, roll-ups and tidying',
    staticDetails: details([['Dry run', input.dryRun ? 'yes' : 'no']]),
    typedSearchAttributes: runAttributes({ runKind: 'maintain' }),
  };
}

export function describeTick(name: string): RunDescription {
  return {
    workflowId: `tick/${name}`,
    staticSummary: 'Start what is due',
    staticDetails: 'Reads the coverage ledger and the accounts’ calendars, and starts the collections due.',
    typedSearchAttributes: runAttributes({ runKind: 'tick' }),
  };
}

export function describeAnalyzeDaily(artistId: number | null, name: string): RunDescription {
  const whose = artistId === null ? 'every artist' : `artist ${artistId}`;
  return {
    workflowId: `analyze-daily/${name}`,
    staticSummary: `Daily analysis of ${whose}`,
    staticDetails: 'Features, insights, scores and stock sources, an artist at a time.',
    typedSearchAttributes: runAttributes({ runKind: 'analyze-daily' }),
  };
}

/** Markdown that the UI renders: a line a field. */
function details(fields: readonly (readonly [name: string, value: string | null])[]): string {
  return fields
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `- **${name}:** ${value ?? ''}`)
    .join('\n');
}

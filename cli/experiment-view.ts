/** A/B tests as a person reads them. */
import type { ExperimentEvaluation, ToldExperiment } from '../services/experiment-models.js';
import { table } from './output.js';

export function experimentTable(experiments: readonly ToldExperiment[]): string {
  if (experiments.length === 0) return 'There is no A/B test yet; add one with “tidemark experiment add”.';
  return table(
    ['id', 'name', 'metric', 'kind', 'status', 'variants', 'planned each', 'decision'],
    experiments.map((one) => [
      ...[one.id, one.name, one.metric, one.kind, one.status],
      ...[one.variants.map(({ name }) => name).join(', '), one.planned_per_variant, one.decision],
    ]),
  );
}

export function evaluationText(evaluation: ExperimentEvaluation): string {
  const { variants, comparisons, pending, interpretation } = evaluation;
  const rows = variants.map(({ variant, points, estimate, interval }) => {
    const compared = comparisons.find((one) => one.variant === variant);
    return [
      ...[variant, points, rounded(estimate), spoken(interval), rounded(compared?.difference)],
      ...[spoken(compared?.interval), rounded(compared?.adjusted_p), rounded(compared?.p_value)],
    ];
  });
  const header = [
    'variant',
    'points',
    'estimate',
    'interval',
    'difference',
    'interval',
    'p',
    'p of one look',
  ];
  const waiting = pending === 0 ? [] : [`${String(pending)} assigned contents have no value at the age yet.`];
  return [table(header, rows), '', ...waiting, interpretation].join('\n');
}

function spoken(interval: readonly [number, number] | null | undefined): string | null {
  return interval == null ? null : `${String(rounded(interval[0]))} to ${String(rounded(interval[1]))}`;
}

function rounded(value: number | null | undefined): number | null {
  return value == null ? null : Number(value.toPrecision(3));
}

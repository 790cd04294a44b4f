/** The vocabulary of insights in words. */
export const typeWords: Readonly<Record<string, string>> = {
  feature_association: 'Feature association',
  rising_trend: 'Rising trend',
  falling_trend: 'Falling trend',
  anomaly: 'Anomaly',
  platform_difference: 'Platform difference',
  benchmark_above: 'Above the benchmark',
  benchmark_below: 'Below the benchmark',
  high_performance: 'High performance',
  low_performance: 'Low performance',
  stock_source: 'Stock source',
  experiment: 'Experiment',
};

export const statusWords: Readonly<Record<string, string>> = {
  open: 'Open',
  accepted: 'Accepted',
  dismissed: 'Dismissed',
  snoozed: 'Snoozed',
  outdated: 'Outdated',
};

export const eventWords: Readonly<Record<string, string>> = {
  found: 'Found',
  woken: 'Came back',
  reopened: 'Opened again',
  accepted: 'Accepted',
  dismissed: 'Dismissed',
  snoozed: 'Snoozed',
  outdated: 'Outdated',
};

export const verdictWords: Readonly<Record<string, string>> = {
  held: 'held',
  partly: 'held in part',
  missed: 'missed',
  cannot_tell: 'cannot be told',
};

export function worded(words: Readonly<Record<string, string>>, value: string): string {
  return words[value] ?? value.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase());
}

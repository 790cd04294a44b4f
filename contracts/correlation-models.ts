/** What an analysis of features tells besides a correlation's own figures; snake_case as everywhere in results. */

export type CorrelationMethod =
  'pearson' | 'spearman' | 'circular-linear' | 'welch-t' | 'welch-anova' | 'anova' | 'kruskal-wallis';

/** What can stand behind an association: the content's age, its platform, its format. */
export type Confounder = 'age' | 'platform' | 'format';

export interface AssociationGroup {
  level: string;
  n: number;
  mean: number;
  median: number;
  /** Sample standard deviation (n − 1). */
  standard_deviation: number;
}

export interface EffectSize {
  kind: 'hedges_g' | 'rank_biserial' | 'eta_squared' | 'omega_squared' | 'epsilon_squared' | 'r_squared';
  value: number;
  /** At 95 %; null where the kind has none. */
  interval: [low: number, high: number] | null;
}

export interface TestStatistic {
  name: 't' | 'F' | 'H';
  value: number | null;
  /** One figure for t and H, two for F. */
  df: number[];
}

export interface PartialCorrelation {
  given: Confounder[];
  /** Partial r; the partial multiple correlation where the feature has several levels. */
  coefficient: number;
  p_value: number;
  /** After Benjamini–Hochberg over the tests given the same. */
  adjusted_p_value: number;
  confidence_interval: [low: number, high: number];
  sample_size: number;
}

export interface CorrelationStratum {
  level: string;
  coefficient: number;
  confidence_interval: [low: number, high: number];
  sample_size: number;
}

export interface StratifiedCorrelation {
  by: Confounder;
  strata: CorrelationStratum[];
  /** By Fisher's z, weighted by n − 3. */
  pooled_coefficient: number;
  confidence_interval: [low: number, high: number];
  p_value: number;
  /** Cochran's Q of the strata's z, and its p. */
  q: number;
  q_p_value: number;
  /** Share of the strata's spread that chance does not explain, 0..1. */
  i_squared: number;
  /** `reverse`: within the strata the sign is the other one (Simpson); `differ`: Q says that strata disagree. */
  agreement: 'agree' | 'differ' | 'reverse';
}

export interface AssociationDetail {
  /** Exact where p itself underflows; null stands for −∞, a p of nothing. */
  ln_p_value: number | null;
  statistic: TestStatistic;
  parameters: Record<string, number | string>;
  /** By level; empty for numbers. */
  groups: AssociationGroup[];
  effect_sizes: EffectSize[];
  partial_correlations: PartialCorrelation[];
  strata: StratifiedCorrelation[];
}

/** Correlations in words that claim an association and no cause. */
import type {
  Confounder,
  CorrelationMethod,
  StratifiedCorrelation,
} from '../contracts/correlation-models.js';
import { correlationStrength, formatP, spoken } from './correlation.js';

export interface CorrelationWords {
  feature: string;
  metric: string;
  method: CorrelationMethod;
  coefficient: number;
  n: number;
  adjustedP: number;
  significanceLevel: number;
  /** The level with the highest centre, where levels are compared. */
  highest: string | null;
  confoundedBy: readonly Confounder[];
  strata: readonly Pick<StratifiedCorrelation, 'by' | 'agreement'>[];
}

const symbols: Record<CorrelationMethod, string> = {
  pearson: 'r',
  spearman: 'rank r',
  'circular-linear': 'R',
  'welch-t': 'r',
  'welch-anova': 'η',
  anova: 'η',
  'kruskal-wallis': 'rank r',
};

/** One sentence on an association, and one on what stands behind it or where it differs. */
export function interpretCorrelation(words: CorrelationWords): string {
  const { feature, metric, coefficient, n, adjustedP, significanceLevel, confoundedBy } = words;
  const isOfLevel = feature.includes('=');
  const ordered = isOfLevel || words.method === 'pearson' || words.method === 'spearman';
  const symbol = words.method === 'kruskal-wallis' && !isOfLevel ? 'ε' : symbols[words.method];
  const figures = `(${symbol} = ${coefficient.toFixed(2)}, n = ${n}, adjusted p ${formatP(adjustedP)})`;
  if (!(adjustedP < significanceLevel)) {
    return `No clear association between ${spoken(feature)} and ${spoken(metric)} ${figures}.`;
  }
  const strength = `a ${correlationStrength(coefficient)} association ${figures}`;
  const subject = isOfLevel ? `Having ${spoken(feature)}` : `Higher ${spoken(feature)}`;
  const finding = ordered
    ? `${subject} is associated with ${coefficient < 0 ? 'lower' : 'higher'} ${spoken(metric)}, ${strength}.`
    : `${capital(spoken(feature))} is associated with ${spoken(metric)}${
        words.highest === null ? '' : ` (highest with “${words.highest}”)`
      }, ${strength}.`;
  if (confoundedBy.length > 0) {
    return `${finding} It does not hold among contents of like ${listed(confoundedBy)}, which may account for it.`;
  }
  const apart = words.strata.filter(({ agreement }) => agreement !== 'agree');
  if (apart.length === 0) return finding;
  return `${finding} It is not the same in every ${listed(apart.map(({ by }) => groupWords[by]))}.`;
}

const groupWords: Record<Confounder, string> = {
  age: 'band of ages',
  platform: 'platform',
  format: 'format',
};

/** `a`, `a and b`, `a, b and c`. */
function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)!}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

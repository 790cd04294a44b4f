/** What an experiment says so far, and how far it may be believed. */
import type { VNode } from 'preact';
import type { ExperimentEvaluation, ToldExperiment } from '../../../services/experiment-models.js';
import { counted, figure, percent, probability } from '../parts/figures.js';
import { differenceText, estimateText, signedPercent, verdictWords } from './words.js';

type Comparison = ExperimentEvaluation['comparisons'][number];
type Kind = ToldExperiment['kind'];

export function Result({
  test,
  evaluation,
}: {
  test: ToldExperiment;
  evaluation: ExperimentEvaluation;
}): VNode {
  const { verdict, interpretation, needed_per_variant: needed, pending, sample_ratio: ratio } = evaluation;
  return (
    <section aria-labelledby="result">
      <h2 id="result">Result</h2>
      <p class={verdict === 'winner' ? 'notice notice-done' : 'notice'}>
        <strong>{verdictWords[verdict]}.</strong> <span dir="auto">{interpretation}</span>
      </p>
      {needed > 0 && verdict !== 'undecided' ? (
        <p>{counted(needed, 'observation')} a variant are left by the plan.</p>
      ) : null}
      {pending > 0 ? (
        <p>
          {pending === 1
            ? '1 assigned content has no value at the age yet.'
            : `${figure(pending)} assigned contents have no value at the age yet.`}
        </p>
      ) : null}
      {ratio?.mismatch === true ? (
        <p class="notice notice-warning">
          The observations are not split between the variants as planned (p {probability(ratio.p_value)}):
          what made the split uneven may have made the difference too.
        </p>
      ) : null}
      <Variants test={test} evaluation={evaluation} />
      <p class="quiet">
        Look as often as you like: the intervals of the differences and the guarded p hold for all looks and
        all variants together, so the chance of a winner without a difference stays at{' '}
        {percent(test.alpha, 1)}, where a plain p would let it grow with each look.
      </p>
    </section>
  );
}

function Variants({ test, evaluation }: { test: ToldExperiment; evaluation: ExperimentEvaluation }): VNode {
  const level = `${percent(1 - test.alpha, 1)} interval`;
  const heads = [
    ...[
      test.kind === 'proportion' ? 'Trials' : 'Observations',
      test.kind === 'proportion' ? 'Share' : 'Mean',
    ],
    ...[level, 'Against the control', `Guarded ${level}`, 'Relative', 'Guarded p', 'Power so far'],
  ];
  return (
    <div class="table-scroll" tabIndex={0} role="group" aria-label="Variants">
      <table>
        <caption>
          {test.metric} of each variant as it stands.
          {test.kind === 'proportion' ? ' Differences are in percentage points.' : ''}
        </caption>
        <thead>
          <tr>
            <th scope="col">Variant</th>
            {heads.map((head) => (
              <th key={head} scope="col" class="number">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {evaluation.variants.map(({ variant, is_control: isControl, points, estimate, interval }) => {
            const compared = evaluation.comparisons.find((one) => one.variant === variant);
            return (
              <tr key={variant}>
                <th scope="row">
                  <span dir="auto">{variant}</span>
                  {isControl ? <span class="under">control</span> : null}
                </th>
                <td class="number">{figure(points)}</td>
                <td class="number">{estimateText(test.kind, estimate)}</td>
                <td class="number">
                  {interval === null ? '–' : rangeText(interval, (value) => estimateText(test.kind, value))}
                </td>
                {comparedCells(test.kind, compared).map((text, index) => (
                  <td key={index} class="number">
                    {text}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function comparedCells(kind: Kind, compared: Comparison | undefined): string[] {
  if (compared === undefined) return ['–', '–', '–', '–', '–'];
  const { difference, interval, lift, adjusted_p: p, power } = compared;
  return [
    differenceText(kind, difference),
    rangeText(interval, (value) => differenceText(kind, value)),
    signedPercent(lift),
    probability(p),
    percent(power, 0),
  ];
}

function rangeText([low, high]: readonly [number, number], write: (value: number) => string): string {
  return `${write(low)} to ${write(high)}`;
}

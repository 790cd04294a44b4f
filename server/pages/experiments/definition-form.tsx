import type { VNode } from 'preact';
import type { Artist } from '../../../store/artists.js';
import type { MetricTraits } from '../../../store/entry-context.js';
import type { ToldProblem } from '../../problems.js';
import { TypedArea, TypedInput, TypedSelect } from './typed-field.js';
import type { TypedDefinition } from './typed-values.js';
import { goalWords, kindWords } from './words.js';

/** The form that leads to a look at the plan; nothing is kept by it. */
export function DefinitionForm({
  fields,
  artists,
  metrics,
  problem,
}: {
  fields: TypedDefinition;
  artists: readonly Artist[];
  metrics: readonly MetricTraits[];
  problem: ToldProblem | null;
}): VNode {
  const told = (name: keyof TypedDefinition) => ({ id: name, value: fields[name], problem });
  return (
    <form method="get" action="/experiments/new" aria-label="The experiment">
      <div class="forms">
        <fieldset class="stack">
          <legend>What is tested</legend>
          <TypedInput {...told('name')} label="Name" required maxLength={200} />
          <TypedArea {...told('hypothesis')} label="Hypothesis (optional)" maxLength={2_000} />
          <TypedSelect
            {...told('artist')}
            label="Artist"
            options={Object.fromEntries(artists.map(({ id, name }) => [String(id), name]))}
          />
          <TypedArea
            {...told('variants')}
            label="Variants"
            hint="a line each, the control first"
            required
            maxLength={5_000}
          />
        </fieldset>
        <fieldset class="stack">
          <legend>How it is measured</legend>
          <TypedInput {...told('metric')} label="Metric" list="metrics" required maxLength={200} />
          <datalist id="metrics">
            {metrics.map(({ name, unit, kind }) => (
              <option key={name} value={name}>
                {`${name}: ${unit}, ${kind}`}
              </option>
            ))}
          </datalist>
          <TypedSelect {...told('kind')} label="Kind" options={kindWords} />
          <TypedSelect {...told('goal')} label="Goal" options={goalWords} />
          <TypedInput
            {...told('age')}
            label="Age in days (optional, of a mean)"
            hint="compares assigned contents at this age; none takes recorded totals"
            inputMode="numeric"
          />
        </fieldset>
        <fieldset class="stack">
          <legend>How sure it must be</legend>
          <TypedInput
            {...told('baseline')}
            label="Baseline"
            hint="the control’s share (0.04 is 4 %) or mean, as far as it is known"
            inputMode="decimal"
            required
          />
          <TypedInput
            {...told('effect')}
            label="Smallest effect that matters"
            hint="a difference from the baseline, in its unit"
            inputMode="decimal"
            required
          />
          <TypedInput
            {...told('deviation')}
            label="Standard deviation (of a mean)"
            hint="of a single observation"
            inputMode="decimal"
          />
          <TypedInput
            {...told('alpha')}
            label="Alpha"
            hint="chance of a winner without a difference"
            inputMode="decimal"
            required
          />
          <TypedInput
            {...told('power')}
            label="Power"
            hint="chance of finding the smallest effect"
            inputMode="decimal"
            required
          />
        </fieldset>
      </div>
      <p>
        <button type="submit" name="step" value="plan">
          Plan it
        </button>
      </p>
    </form>
  );
}

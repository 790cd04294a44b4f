import type { VNode } from 'preact';
import type { ExperimentEvaluation, ToldExperiment } from '../../../services/experiment-models.js';
import type { ToldProblem } from '../../problems.js';
import { ActionForm } from '../parts/form.js';
import { Allowed } from '../parts/notices.js';
import type { Viewer } from '../parts/viewer.js';
import { TypedArea, TypedInput, TypedSelect } from './typed-field.js';

interface StepProps {
  test: ToldExperiment;
  viewer: Viewer;
  /** What was typed into the form that was refused. */
  typed: Readonly<Record<string, string | undefined>>;
  problem: ToldProblem | null;
}

/** What a running experiment is told, and how it ends. */
export function StepForms({
  winner,
  ...props
}: StepProps & { winner: ExperimentEvaluation['winner'] }): VNode {
  const { test, viewer, typed, problem } = props;
  const path = `/experiments/${String(test.id)}`;
  const open = winner === null ? 'Choose a variant' : `The winner, ${winner}`;
  return (
    <Allowed viewer={viewer} scope="write" to="record, assign or decide">
      <div class="forms">
        {test.outcome === 'recorded' ? <RecordForm {...props} /> : <AssignForm {...props} />}
        <ActionForm action={`${path}/decide`} viewer={viewer} class="panel stack">
          <h3>Decide</h3>
          <p class="quiet">Ends it with a variant, whatever the result says; the result is kept beside it.</p>
          <TypedSelect
            {...{ id: 'decision', value: typed['decision'], problem }}
            label="Variant"
            options={{ '': open, ...variantsOf(test) }}
          />
          <TypedInput
            {...{ id: 'decide-note', name: 'note', problem, value: typed['note'] }}
            label="Why (optional)"
            maxLength={2_000}
          />
          <button type="submit" class="button-main">
            Decide
          </button>
        </ActionForm>
        <ActionForm action={`${path}/close`} viewer={viewer} class="panel stack">
          <h3>Close</h3>
          <p class="quiet">Ends it without a decision.</p>
          <TypedInput
            {...{ id: 'close-note', name: 'note', problem: null, value: '' }}
            label="Why (optional)"
            maxLength={2_000}
          />
          <button type="submit">Close</button>
        </ActionForm>
      </div>
    </Allowed>
  );
}

function RecordForm({ test, viewer, typed, problem }: StepProps): VNode {
  const told = (name: string) => ({ id: name, value: typed[name], problem });
  return (
    <ActionForm action={`/experiments/${String(test.id)}/observations`} viewer={viewer} class="panel stack">
      <h3>Record observations</h3>
      <p class="quiet">Totals so far; they take the place of the former ones of the same subject.</p>
      <TypedSelect
        {...{ id: 'variant', value: typed['variant'], problem }}
        label="Variant"
        options={variantsOf(test)}
      />
      {test.kind === 'proportion' ? (
        <>
          <TypedInput {...told('trials')} label="Trials" inputMode="numeric" required />
          <TypedInput {...told('successes')} label="Successes" inputMode="numeric" required />
        </>
      ) : (
        <>
          <TypedInput {...told('trials')} label="Observations" inputMode="numeric" required />
          <TypedInput {...told('mean')} label="Mean" inputMode="decimal" required />
          <TypedInput {...told('variance')} label="Variance" inputMode="decimal" required />
        </>
      )}
      <TypedInput {...told('release')} label="Number of the release (optional)" inputMode="numeric" />
      <TypedInput
        {...told('content')}
        label="Content (optional)"
        hint="by its key or the platform’s id"
        maxLength={200}
      />
      <button type="submit">Record</button>
    </ActionForm>
  );
}

function AssignForm({ test, viewer, typed, problem }: StepProps): VNode {
  return (
    <ActionForm action={`/experiments/${String(test.id)}/assignments`} viewer={viewer} class="panel stack">
      <h3>Assign contents</h3>
      <p class="quiet">What the variant has already stays with it.</p>
      <TypedSelect
        {...{ id: 'variant', value: typed['variant'], problem }}
        label="Variant"
        options={variantsOf(test)}
      />
      <TypedArea
        {...{ id: 'contents', value: typed['contents'], problem }}
        label="Contents"
        hint="a line each, by its key or the platform’s id"
        required
      />
      <button type="submit">Assign</button>
    </ActionForm>
  );
}

function variantsOf({ variants }: ToldExperiment): Record<string, string> {
  return Object.fromEntries(
    variants.map(({ name, is_control: isControl }) => [name, isControl ? `${name} (control)` : name]),
  );
}

/** Fields that keep what was typed and say beside them what is wrong with it. */
import type { VNode } from 'preact';
import type { ToldProblem } from '../../problems.js';
import { Field } from '../parts/form.js';

interface TypedProps {
  id: string;
  /** The id unless told. */
  name?: string;
  label: string;
  hint?: string;
  value: string | undefined;
  /** What the form was refused for; what it says of this field stands beside it. */
  problem: ToldProblem | null;
  required?: boolean;
  maxLength?: number;
}

export function TypedInput({
  list,
  inputMode,
  ...props
}: TypedProps & { list?: string; inputMode?: 'decimal' | 'numeric' }): VNode {
  const { id, name = id, value, required, maxLength } = props;
  return (
    <Described {...props}>
      {(attributes) => (
        <input
          {...{ id, name, value, required, maxLength, list, inputMode, ...attributes }}
          autocomplete="off"
          dir="auto"
        />
      )}
    </Described>
  );
}

/** Several lines. */
export function TypedArea(props: TypedProps): VNode {
  const { id, name = id, value, required, maxLength } = props;
  return (
    <Described {...props}>
      {(attributes) => (
        <textarea {...{ id, name, required, maxLength, ...attributes }} rows={3} dir="auto">
          {value ?? ''}
        </textarea>
      )}
    </Described>
  );
}

/** A choice; parts/form.tsx has the one that nothing can be wrong with. */
export function TypedSelect({
  options,
  ...props
}: TypedProps & { options: Readonly<Record<string, string>> }): VNode {
  const { id, name = id, value = '' } = props;
  return (
    <Described {...props}>
      {(attributes) => (
        <select {...{ id, name, ...attributes }}>
          {Object.entries(options).map(([option, words]) => (
            <option key={option} value={option} selected={option === value}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Described>
  );
}

interface Attributes {
  'aria-describedby'?: string;
  'aria-invalid'?: 'true';
}

function Described({
  id,
  name = id,
  label,
  hint,
  problem,
  children,
}: TypedProps & { children: (attributes: Attributes) => VNode }): VNode {
  const refused = problem?.errors.find(({ pointer }) => pointer === `/${name}`)?.detail;
  const describedBy = [
    ...(refused === undefined ? [] : [`${id}-problem`]),
    ...(hint === undefined ? [] : [`${id}-hint`]),
  ];
  return (
    <Field id={id} label={label} {...(hint === undefined ? {} : { hint })}>
      {children({
        ...(describedBy.length === 0 ? {} : { 'aria-describedby': describedBy.join(' ') }),
        ...(refused === undefined ? {} : { 'aria-invalid': 'true' }),
      })}
      {refused === undefined ? null : (
        <span id={`${id}-problem`} class="field-error">
          {refused}
        </span>
      )}
    </Field>
  );
}

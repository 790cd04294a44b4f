import type { VNode } from 'preact';
import { addDays } from '../../analytics/calendar.js';
import { platformName, platforms } from '../../contracts/vocabulary.js';
import { alignments } from '../../services/compared-series.js';
import {
  comparisons,
  intervals,
  queryOf,
  ranges,
  shifted,
  type Filter,
  type FilterField,
  type ReadFilter,
} from './filter.js';

const names: Readonly<Record<string, string>> = {
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '28d': 'Last 28 days',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
  '1y': 'Last year',
  mtd: 'This month',
  life: 'Since release',
  custom: 'Own days',
  none: 'Nothing',
  previous: 'Previous period',
  year: 'Year before',
  typical: 'Typical at the same age',
  weekday: 'Weekdays',
  date: 'Dates',
  auto: 'Automatic',
  hour: 'Hour',
  day: 'Day',
  week: 'Week',
  month: 'Month',
};

/** What the filter's words, platforms among them, are called on the pages. */
export function wordFor(value: string): string {
  return names[value] ?? platformName(value);
}

const usualZones = [
  'UTC',
  'America/Los_Angeles',
  'America/New_York',
  'Europe/London',
  'Europe/Berlin',
  'Asia/Kolkata',
  'Asia/Bangkok',
  'Asia/Tokyo',
  'Australia/Adelaide',
];

export interface FilterBarProps {
  path: string;
  read: ReadFilter;
  /** Fields of the address that are no part of the filter and stay as they are. */
  keep?: Readonly<Record<string, string>>;
  /** A single release can be held against the typical one. */
  hasTypical?: boolean;
}

/** The filter as a form; its state is the address, so that a page can be sent to somebody. */
export function FilterBar({ path, read, keep = {}, hasTypical = false }: FilterBarProps): VNode {
  const { filter, problems } = read;
  const compared = comparisons.filter((name) => hasTypical || name !== 'typical');
  return (
    <form method="get" action={path} class="filters" aria-label="What is shown">
      {Object.entries(keep).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Choice field="range" label="Period" values={ranges} chosen={filter.range} problems={problems} />
      <Day field="from" label="From" value={filter.from} problems={problems} />
      <Day field="to" label="To" value={addDays(filter.to, -1)} problems={problems} />
      <Choice
        field="compare"
        label="Compare with"
        values={compared}
        chosen={filter.compare}
        problems={problems}
      />
      <Choice field="align" label="Line up" values={alignments} chosen={filter.align} problems={problems} />
      <Choice field="interval" label="By the" values={intervals} chosen={filter.asked} problems={problems} />
      <Field field="tz" label="Time zone" problems={problems}>
        <input
          id="filter-tz"
          name="tz"
          value={filter.zone}
          list="filter-zones"
          size={16}
          {...faultOf('tz', problems)}
        />
        <datalist id="filter-zones">
          {usualZones.map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
      </Field>
      <Choice
        field="platform"
        label="Platform"
        values={['all', ...platforms]}
        chosen={filter.platform ?? 'all'}
        problems={problems}
      />
      <div class="buttons">
        <button type="submit" class="button-main">
          Show
        </button>
        <a class="button" href={`${path}?${queryOf(filter, shifted(filter, -1), keep)}`} rel="prev">
          Previous
        </a>
        <a class="button" href={`${path}?${queryOf(filter, shifted(filter, 1), keep)}`} rel="next">
          Next
        </a>
      </div>
    </form>
  );
}

type Problems = ReadFilter['problems'];

interface FieldProps {
  field: FilterField;
  label: string;
  problems: Problems;
}

function Field({ field, label, problems, children }: FieldProps & { children: VNode | VNode[] }): VNode {
  const problem = problems[field];
  return (
    <div class="field">
      <label for={`filter-${field}`}>{label}</label>
      {children}
      {problem === undefined ? null : (
        <span id={`filter-${field}-problem`} class="field-error">
          {problem}
        </span>
      )}
    </div>
  );
}

function faultOf(field: FilterField, problems: Problems): Record<string, string> {
  return problems[field] === undefined
    ? {}
    : { 'aria-invalid': 'true', 'aria-describedby': `filter-${field}-problem` };
}

function Choice({
  values,
  chosen,
  ...props
}: FieldProps & { values: readonly string[]; chosen: string }): VNode {
  return (
    <Field {...props}>
      <select id={`filter-${props.field}`} name={props.field} {...faultOf(props.field, props.problems)}>
        {values.map((value) => (
          <option key={value} value={value} selected={value === chosen}>
            {value === 'all' ? 'All' : wordFor(value)}
          </option>
        ))}
      </select>
    </Field>
  );
}

function Day({ value, ...props }: FieldProps & { value: string }): VNode {
  return (
    <Field {...props}>
      <input
        id={`filter-${props.field}`}
        type="date"
        name={props.field}
        value={value}
        {...faultOf(props.field, props.problems)}
      />
    </Field>
  );
}

/** Whether the address asks for anything but what a page shows by itself. */
export function isNarrowed(filter: Filter): boolean {
  return filter.platform !== null;
}

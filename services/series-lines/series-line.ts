/** Reading one line of JSON as a series: typed fields, and errors that name the field and its mend. */

export class SeriesLineError extends Error {
  override readonly name = 'SeriesLineError';

  constructor(
    /** `train[3]`, or null where the line as a whole is at fault. */
    readonly field: string | null,
    message: string,
    readonly mend: string,
  ) {
    super(message);
  }
}

/** A line's JSON object; reads by name and remembers nothing. */
export type SeriesLine = Readonly<Record<string, unknown>>;

/** The analysis itself, its input read and checked: what of a line is measured. */
export type PreparedLine = () => Readonly<Record<string, unknown>>;

const newestMs = 8.64e15;

/** @throws SeriesLineError where the text is no JSON object. */
export function parseSeriesLine(text: string): SeriesLine {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new SeriesLineError(
      null,
      `The line is no JSON: ${shortened(found)}`,
      'Write one JSON object a line, and null for a missing value (JSON has neither NaN nor Infinity).',
    );
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new SeriesLineError(
      null,
      'The line is no JSON object',
      'Write {"id": …, "values": […]} on one line.',
    );
  return parsed as SeriesLine;
}

/** The caller's own name of the series; undefined where it told none. */
export function idOf(line: SeriesLine): string | number | undefined {
  const { id } = line as { id?: unknown };
  if (id === undefined || typeof id === 'string' || typeof id === 'number') return id;
  throw new SeriesLineError('id', 'id is neither text nor a number', 'Write it as "id": "a name".');
}

/** The first of the fields that is there, as numbers with NaN for null. */
export function valuesOf(line: SeriesLine, names: readonly string[]): Float64Array {
  const name = names.find((candidate) => line[candidate] !== undefined);
  if (name === undefined)
    throw new SeriesLineError(
      names[0]!,
      `There is no ${names.join(' and no ')}`,
      `Write the values in time’s order as "${names[0]!}": [12, 15, null, 11].`,
    );
  return numbersOf(line[name], name);
}

/** An array of finite numbers and nulls; NaN for null. `name` is how errors call it. */
export function numbersOf(value: unknown, name: string): Float64Array {
  if (!Array.isArray(value))
    throw new SeriesLineError(name, `${name} is no array`, `Write it as "${name}": [12, 15, null, 11].`);
  const numbers = new Float64Array(value.length);
  for (let i = 0; i < value.length; i++) {
    const item: unknown = value[i];
    if (typeof item === 'number' && Number.isFinite(item)) numbers[i] = item;
    else if (item === null) numbers[i] = Number.NaN;
    else
      throw new SeriesLineError(
        `${name}[${i}]`,
        `${name}[${i}] is ${typeof item === 'number' ? 'too large for a number' : `no number: ${shortened(JSON.stringify(item))}`}`,
        'Write a finite number, or null where there is no value.',
      );
  }
  return numbers;
}

export interface WholeNumberField {
  name: string;
  from: number;
  to: number;
  /** What stands in where the line has no such field; without it the field is needed. */
  fallback?: number;
}

export function wholeNumberOf(line: SeriesLine, { name, from, to, fallback }: WholeNumberField): number {
  const value = line[name] ?? fallback;
  if (typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to) return value;
  const found = value === undefined ? 'is missing' : `is ${shortened(JSON.stringify(value))}`;
  throw new SeriesLineError(name, `${name} ${found}`, `Write a whole number from ${from} to ${to}.`);
}

/**
 * Instants in ms since 1970, one a value; null where the line tells none. A time without a zone is UTC, and a
 * day alone its midnight.
 */
export function timesOf(line: SeriesLine, count: number): Float64Array | null {
  const value = line['t'];
  if (value === undefined || value === null) return null;
  if (!Array.isArray(value) || value.length !== count)
    throw new SeriesLineError(
      't',
      Array.isArray(value) ? `t has ${value.length} times for ${count} values` : 't is no array',
      'Write one ISO time a value.',
    );
  const times = new Float64Array(count);
  for (let i = 0; i < count; i++) times[i] = timeOf(value[i], `t[${i}]`);
  for (let i = 1; i < count; i++) {
    if (times[i]! < times[i - 1]!)
      throw new SeriesLineError(
        `t[${i}]`,
        `t[${i}] is before the time that precedes it`,
        'Sort the points by time.',
      );
  }
  return times;
}

const isoTime = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$/;

/** One ISO time in ms since 1970; UTC where it has no zone. */
export function timeOf(value: unknown, name: string): number {
  const text = typeof value === 'string' ? value : '';
  const match = isoTime.exec(text);
  if (match !== null) {
    const isoText = text.replace(' ', 'T');
    const ms = Date.parse(match[1] === undefined && text.length > 10 ? `${isoText}Z` : isoText);
    if (Math.abs(ms) <= newestMs) return ms;
  }
  throw new SeriesLineError(
    name,
    `${name} is no time: ${shortened(JSON.stringify(value))}`,
    'Write it as 2026-01-05 or 2026-01-05T17:00:00Z; without a zone it is UTC.',
  );
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

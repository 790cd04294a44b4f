/** What is wrong with a value that was sent, in the words of the site's own refusals. */
import { z } from 'zod';

const mostShown = 20;

const formats: Readonly<Record<string, string>> = {
  date: 'is no ISO day such as 2026-01-05',
  datetime: 'is no moment with its zone such as 2026-01-05T17:00:00Z',
  url: 'is no web address',
  uuid: 'is no UUID',
};

/** Has zod tell of values in these words; what a schema says itself comes before them. */
export function tellIssuesInWords(): void {
  z.config({ customError: wordsOf });
}

function wordsOf(issue: z.core.$ZodRawIssue): string | undefined {
  const { input } = issue;
  if (input === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_value'))
    return 'is missing';
  switch (issue.code) {
    case 'invalid_type':
      return typeWords(issue.expected);
    case 'invalid_value': {
      const values = issue.values.map(String);
      if (values.length > mostShown) return 'is none of those that are known';
      return values.length === 1 ? `is not ${values[0]!}` : `is none of ${values.join(', ')}`;
    }
    case 'too_small':
      return boundWords(issue.origin, issue.minimum, { low: true, inclusive: issue.inclusive ?? true });
    case 'too_big':
      return boundWords(issue.origin, issue.maximum, { low: false, inclusive: issue.inclusive ?? true });
    case 'invalid_format':
      return formats[issue.format];
    default:
      return undefined;
  }
}

const types: Readonly<Record<string, string>> = {
  int: 'is no whole number',
  object: 'is no object',
  record: 'is no object',
  array: 'is no list',
  string: 'is no text',
  boolean: 'is neither true nor false',
};

function typeWords(expected: string): string {
  return types[expected] ?? `is no ${expected}`;
}

function boundWords(
  origin: string,
  bound: number | bigint,
  { low, inclusive }: { low: boolean; inclusive: boolean },
): string {
  const edge = String(bound);
  if (origin === 'string') {
    if (low && edge === '1') return 'is empty';
    return low ? `has fewer than ${edge} characters` : `has more than ${edge} characters`;
  }
  if (origin === 'array' || origin === 'set') {
    if (low && edge === '1') return 'is empty: give one at least';
    return low ? `holds fewer than ${edge}` : `holds more than ${edge}`;
  }
  if (low) return inclusive ? `is less than ${edge}` : `is not more than ${edge}`;
  return inclusive ? `is more than ${edge}` : `is not less than ${edge}`;
}

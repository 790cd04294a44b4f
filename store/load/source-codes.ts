import { valueSources, type ValueSource } from '../../contracts/records.js';

/** The code of a source in `value_sources`: 1 is the strongest. */
export function sourceCode(source: ValueSource): number {
  return valueSources.indexOf(source) + 1;
}

import type { Clock } from '../contracts/ports.js';
import { UnsupportedError } from './errors.js';
import type { Moment } from './source.js';

const placeholder = '{at}';
const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** Where an API is found; with `{at}` in it, where it is found as of a moment. */
export class BaseAddress {
  readonly #template: string;
  /** Whether it can be asked for the past. */
  readonly takesMoment: boolean;

  /**
   * @param template an absolute http(s) address, which may hold `{at}`; a slash at its end is of no account
   * @throws RangeError when it is none
   */
  constructor(template: string) {
    this.takesMoment = template.includes(placeholder);
    this.#template = template.replace(/\/+$/, '');
    const sample = this.#template.replaceAll(placeholder, '2026-01-01T00:00:00Z');
    if (!URL.canParse(sample) || !/^https?:$/.test(new URL(sample).protocol)) {
      throw new RangeError(`Not an absolute http address: ${template}`);
    }
  }

  /**
   * The address without a slash at its end.
   * @param at null means now, by the program's clock
   * @throws UnsupportedError for a moment where the address takes none
   */
  resolve(at: Moment | null, clock: Clock): string {
    if (!this.takesMoment) {
      if (at !== null) throw new UnsupportedError('The platform answers for the present alone');
      return this.#template;
    }
    return this.#template.replaceAll(placeholder, formatMoment(at ?? clock.now()));
  }
}

function formatMoment(at: Moment): string {
  if (typeof at === 'string') {
    if (!rfc3339.test(at)) throw new RangeError('A moment is written as RFC 3339 has it');
    return at;
  }
  return at.toISOString();
}

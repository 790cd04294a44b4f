import { pacificDay } from './calendar.js';

/** Units used by each project and bucket since midnight in Los Angeles. */
export class QuotaMeter {
  private readonly used = new Map<string, { day: string; units: number }>();

  /**
   * @param unitsPerDay limit of each bucket; `Infinity` for none
   * @param clock decides the quota's day: asking about a past moment still costs today's units
   */
  constructor(
    private readonly unitsPerDay: number,
    private readonly clock: () => Date,
  ) {}

  /** Books the units; false, and nothing booked, when the day's limit would be passed. */
  charge(project: string, bucket: string, units: number): boolean {
    const day = pacificDay(this.clock());
    const key = `${project} ${bucket}`;
    const former = this.used.get(key);
    const spent = former?.day === day ? former.units : 0;
    if (spent + units > this.unitsPerDay) return false;
    this.used.set(key, { day, units: spent + units });
    return true;
  }

  /** Units used today, by `project bucket`. */
  today(): Record<string, number> {
    const day = pacificDay(this.clock());
    const entries = [...this.used].filter(([, use]) => use.day === day);
    return Object.fromEntries(entries.map(([key, use]) => [key, use.units]));
  }
}

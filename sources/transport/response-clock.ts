import { warn, type Moment, type SourceContext } from '../source.js';

const skewWorthAWarningMs = 12 * 3_600_000;

/**
 * The instant that an answer speaks of: its own `Date` header, so that a worker's wrong clock harms nothing.
 *
 * Warns, once a context, where the header is missing and where the two clocks are more than 12 hours apart;
 * an answer as of another moment is far from now by nature and is not compared.
 * @param takesMoment whether the address asked holds a moment
 */
export function responseInstant(
  date: string | null | undefined,
  takesMoment: boolean,
  at: Moment | null,
  context: SourceContext,
): Date {
  const now = context.clock.now();
  const told = Date.parse(date ?? '');
  if (Number.isNaN(told)) {
    warnOnce(context, 'The answer tells no date; the moment asked for stands in its place', {});
    return at === null ? now : new Date(at);
  }
  const skewMs = Math.abs(told - now.getTime());
  if (!takesMoment && skewMs > skewWorthAWarningMs) {
    warnOnce(context, "The worker's clock is far from the platform's; the platform's counts", {
      skewHours: Math.round(skewMs / 3_600_000),
    });
  }
  return new Date(told);
}

const warned = new WeakMap<SourceContext, Set<string>>();

function warnOnce(context: SourceContext, sentence: string, fields: Record<string, number>): void {
  const sentences = warned.get(context) ?? new Set();
  warned.set(context, sentences);
  if (sentences.has(sentence)) return;
  sentences.add(sentence);
  warn(context, sentence, fields);
}

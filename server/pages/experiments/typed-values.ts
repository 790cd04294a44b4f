/** What people type into the forms of experiments, read field by field so that each fault stands beside its field. */
import { z } from 'zod';
import type { ExperimentDefinition, ExperimentObservation } from '../../../services/experiment-models.js';
import { BadInputError } from '../../../services/bad-input.js';
import { StoreError } from '../../../store/errors.js';
import { Problem } from '../../problems.js';

/** As typed: whatever is wrong with it is found by reading, not by the route, which has no form to say it on. */
const typed = z.string().max(20_000).default('');
const mostId = 2_147_483_647;
const mostVariants = 20;
const mostContents = 1_000;

const wordOf = (what: string) => z.string().trim().min(1, what).max(200, 'has at most 200 characters');
const numberOf = (what: string) => z.string().trim().min(1, what).transform(Number).pipe(z.number(what));
const optionalOf = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess(
    (value) => (typeof value === 'string' && value.trim() === '' ? undefined : value),
    schema.optional(),
  );
const wholeOf = (least: number, most: number, what: string) =>
  numberOf(what).pipe(z.int(what).min(least, what).max(most, what));
const linesOf = (text: string): string[] =>
  text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

export const definitionFields = {
  ...{ name: typed, hypothesis: typed, artist: typed, metric: typed, kind: typed, goal: typed },
  ...{ variants: typed, baseline: typed, effect: typed, deviation: typed, alpha: typed, power: typed },
  age: typed,
};
export type TypedDefinition = Record<keyof typeof definitionFields, string>;

const definition = z
  .object({
    name: wordOf('a test has a name'),
    hypothesis: z.string().trim().max(2_000, 'has at most 2,000 characters'),
    artist: wholeOf(1, mostId, 'choose an artist'),
    metric: wordOf('a test is of a metric'),
    kind: z.enum(['proportion', 'mean'], 'choose a kind'),
    goal: z.enum(['increase', 'decrease'], 'choose a goal'),
    variants: z
      .string()
      .transform(linesOf)
      .pipe(
        z
          .array(z.string().max(200, 'a name has at most 200 characters'))
          .min(2, 'a test has a control and at least one variant beside it, a line each')
          .max(mostVariants, `a test has at most ${String(mostVariants)} variants`)
          .refine((names) => new Set(names).size === names.length, 'two variants have the same name'),
      ),
    baseline: numberOf('the baseline is a number, such as 0.04'),
    effect: numberOf('the smallest effect is a number above 0').pipe(
      z.number().positive('the smallest effect is a number above 0'),
    ),
    deviation: optionalOf(
      numberOf('the deviation is a number above 0').pipe(
        z.number().positive('the deviation is a number above 0'),
      ),
    ),
    alpha: numberOf('alpha lies between 0 and 0.5').refine(
      (alpha) => alpha > 0 && alpha < 0.5,
      'alpha lies between 0 and 0.5',
    ),
    power: numberOf('power lies between 0.5 and 1').refine(
      (power) => power > 0.5 && power < 1,
      'power lies between 0.5 and 1',
    ),
    age: optionalOf(wholeOf(1, 10_000, 'the age is a whole number of days from 1 on')),
  })
  .superRefine(({ kind, goal, baseline, effect, deviation, age }, context) => {
    const refuse = (field: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [field], message });
    if (kind === 'mean') {
      if (deviation === undefined)
        refuse('deviation', 'a mean needs the standard deviation of a single observation');
      return;
    }
    const reached = goal === 'increase' ? baseline + effect : baseline - effect;
    if (!(baseline > 0 && baseline < 1)) refuse('baseline', 'the baseline of a share lies between 0 and 1');
    else if (!(reached > 0 && reached < 1)) refuse('effect', 'the smallest effect leads past 0 or 1');
    if (age !== undefined) refuse('age', 'contents are compared at equal age by a mean');
  });

/** @throws Problem 400 that names every field that is wrong */
export function readDefinition(fields: TypedDefinition): ExperimentDefinition {
  const { artist, hypothesis, variants, effect, deviation, age, ...told } = read(definition, fields);
  return {
    ...told,
    artistId: artist,
    hypothesis: hypothesis === '' ? null : hypothesis,
    variants: variants.map((name) => ({ name })),
    minimumEffect: effect,
    standardDeviation: deviation ?? null,
    ageDays: age ?? null,
  };
}

export const observationFields = {
  ...{ variant: typed, trials: typed, successes: typed, mean: typed, variance: typed },
  ...{ release: typed, content: typed },
};

const count = 'is a whole number from 0 on';
const ofSubject = {
  variant: z.string(),
  release: optionalOf(wholeOf(1, mostId, 'is the number of a release')),
  content: optionalOf(wordOf('names a content')),
};
const shareTotals = z
  .object({
    ...ofSubject,
    trials: wholeOf(0, Number.MAX_SAFE_INTEGER, count),
    successes: wholeOf(0, Number.MAX_SAFE_INTEGER, count),
  })
  .refine(({ trials, successes }) => successes <= trials, {
    path: ['successes'],
    message: 'are no more than the trials',
  });
const meanTotals = z.object({
  ...ofSubject,
  trials: wholeOf(1, Number.MAX_SAFE_INTEGER, 'is a whole number from 1 on'),
  mean: numberOf('is a number'),
  variance: numberOf('is a number from 0 on').pipe(z.number().min(0, 'is a number from 0 on')),
});

/** A variant's totals as its kind of test has them. @throws Problem 400 that names every field that is wrong */
export function readObservation(
  kind: 'proportion' | 'mean',
  fields: Record<keyof typeof observationFields, string>,
): { variant: string; observation: ExperimentObservation } {
  const { variant, release, content, ...totals } = read(
    kind === 'proportion' ? shareTotals : meanTotals,
    fields,
  );
  return {
    variant,
    observation: {
      ...totals,
      ...(release === undefined ? {} : { releaseId: release }),
      ...(content === undefined ? {} : { contentId: content }),
    },
  };
}

export const assignmentFields = { variant: typed, contents: typed };

const assignment = z.object({
  variant: z.string(),
  contents: z
    .string()
    .transform(linesOf)
    .pipe(
      z
        .array(z.string())
        .min(1, 'name a content a line, by its key or the platform’s id')
        .max(mostContents, 'at most 1,000 at once'),
    ),
});

/** @throws Problem 400 that names every field that is wrong */
export function readAssignment(fields: Record<keyof typeof assignmentFields, string>): {
  variant: string;
  contents: string[];
} {
  return read(assignment, fields);
}

/** What the work is refused for, told of the field that it is about. */
export async function asFaultOf<Result>(field: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StoreError || error instanceof BadInputError)) throw error;
    const code = error instanceof StoreError ? error.code : null;
    if (code !== null && code !== 'notFound' && code !== 'accessDenied') throw error;
    // Row security refuses what the key does not see, and has no words for what that was.
    const detail = code === 'accessDenied' ? 'there is none that you may write to' : error.message;
    throw new Problem(400, detail, [{ pointer: `/${field}`, detail }], { cause: error });
  }
}

function read<Schema extends z.ZodType>(schema: Schema, fields: unknown): z.infer<Schema> {
  const { data, error } = schema.safeParse(fields);
  if (error === undefined) return data;
  const errors = error.issues.map(({ path, message }) => ({
    pointer: `/${String(path[0] ?? '')}`,
    detail: message,
  }));
  const detail = errors.map(({ pointer, detail: why }) => `${pointer.slice(1)}: ${why}`).join('; ');
  throw new Problem(400, detail, errors);
}

import type { Pool } from 'pg';
import { evaluateAbTest } from '../analytics/ab-test.js';
import type { Clock } from '../contracts/ports.js';
import { StoreError } from '../store/errors.js';
import {
  addExperiment,
  assignToVariant,
  endExperiment,
  findExperiment,
  listExperiments,
  putObservation,
  readAssignments,
  type Experiment,
  type ExperimentStatus,
} from '../store/experiments.js';
import { inTransaction, type Queryable } from '../store/queryable.js';
import { BadInputError } from './bad-input.js';
import { readArms } from './experiment-arms.js';
import {
  toldExperiment,
  type ExperimentDefinition,
  type ExperimentEvaluation,
  type ExperimentObservation,
  type ToldExperiment,
} from './experiment-models.js';
import { faultOfObservation, plannedExperiment, requireText, requireVariant } from './experiment-rules.js';
import { requireContent, requireContents } from './known-contents.js';

export interface ExperimentServiceDeps {
  pool: Pool;
  clock: Clock;
  /** Where writes go; transactions of the pool unless told. A client in a transaction lets a caller rehearse. */
  db?: Queryable;
}

/**
 * A/B tests of variants on a release (a thumbnail's clicks, told as totals) or across releases (contents assigned
 * to variants, compared at equal age). They may be looked at as often as anybody likes: see `evaluateAbTest`.
 */
export class ExperimentService {
  constructor(private readonly deps: ExperimentServiceDeps) {}

  /**
   * Defines a test and starts it. The sample is planned here, before the first observation.
   * @throws BadInputError for a plan that makes no test; StoreError `conflict` for a name that the artist has a
   *   test of, `notFound` for a missing artist.
   */
  async define(definition: ExperimentDefinition, by: string): Promise<ToldExperiment> {
    const test = plannedExperiment(definition, by, this.deps.clock.now());
    const id = await this.write((db) => addExperiment(db, test));
    return this.show(id);
  }

  /** The newest first. @throws StoreError */
  async list(
    filter: {
      artistId?: number | undefined;
      status?: ExperimentStatus | undefined;
      /** The id of the last one of the page before. */
      beforeId?: number | undefined;
      limit?: number | undefined;
    } = {},
  ): Promise<ToldExperiment[]> {
    const { artistId = null, status = null, beforeId, limit } = filter;
    return (await listExperiments(this.reader, { artistId, status, beforeId, limit })).map(toldExperiment);
  }

  /** @throws StoreError `notFound` */
  async show(id: number): Promise<ToldExperiment> {
    return toldExperiment(await this.require(id));
  }

  /**
   * Puts a variant's totals so far in the place of the former ones of the same release or content.
   * @throws BadInputError for totals that make no sense or another kind of test; StoreError `notFound` for an
   *   unknown test or subject, `conflict` for a test that has ended.
   */
  async recordObservation(
    id: number,
    variant: string,
    observation: ExperimentObservation,
    by: string,
  ): Promise<void> {
    const test = await this.requireRunning(id);
    requireVariant(test, variant);
    if (test.outcome !== 'recorded') {
      throw new BadInputError(`“${test.name}” takes its outcome from the contents assigned to it.`);
    }
    const fault = faultOfObservation(test.kind, observation);
    if (fault !== null) throw new BadInputError(fault);
    const { trials, successes = null, mean = null, variance = null } = observation;
    const { contentId, releaseId = null } = observation;
    const content = contentId === undefined ? null : await requireContent(this.deps.pool, contentId);
    const told =
      test.kind === 'proportion'
        ? { successes, mean: null, variance: null }
        : { successes: null, mean, variance };
    await this.write((db) =>
      putObservation(
        db,
        test,
        { variant, trials, ...told, releaseId, contentId: content?.contentId ?? null },
        { by: requireText(by, 'An observation names whoever told it.'), at: this.deps.clock.now() },
      ),
    );
  }

  /**
   * Gives contents to a variant; what it has already stays.
   * @throws BadInputError for another artist's contents, a content of another variant, and a test of recorded
   *   totals; StoreError `notFound`, and `conflict` for a test that has ended.
   */
  async assignContents(
    id: number,
    variant: string,
    contentIds: readonly string[],
    by: string,
  ): Promise<void> {
    const test = await this.requireRunning(id);
    requireVariant(test, variant);
    if (test.outcome !== 'equal_age') throw new BadInputError(`“${test.name}” takes recorded totals.`);
    const contents = await requireContents(this.deps.pool, contentIds);
    const foreign = contents.find(({ artistId }) => artistId !== test.artistId);
    if (foreign !== undefined) {
      throw new BadInputError(`“${foreign.contentKey}” belongs to no release of the test’s artist.`);
    }
    const ids = new Set(contents.map(({ contentId }) => contentId));
    await this.write(async (db) => {
      const at = this.deps.clock.now();
      const record = { by: requireText(by, 'An assignment names whoever made it.'), at };
      await assignToVariant(db, id, variant, Array.from(ids), record);
      const elsewhere = (await readAssignments(db, id)).find(
        (one) => ids.has(one.contentId) && one.variant !== variant,
      );
      if (elsewhere !== undefined) {
        const { contentKey } = contents.find(({ contentId }) => contentId === elsewhere.contentId)!;
        throw new BadInputError(`“${contentKey}” has the variant “${elsewhere.variant}” already.`);
      }
    });
  }

  /** The test as it stands; nothing is stored, so a look costs nothing. @throws StoreError `notFound` */
  async evaluate(id: number): Promise<ExperimentEvaluation> {
    return this.evaluation(await this.require(id));
  }

  /**
   * Ends a test with a variant; the evaluation of the moment is kept beside it.
   * @param choice the winner unless told; people may decide otherwise than the evaluation says.
   * @throws BadInputError where there is no winner and none was told; StoreError as `recordObservation`.
   */
  async decide(
    id: number,
    by: string,
    choice: { variant?: string; note?: string } = {},
  ): Promise<ToldExperiment> {
    const test = await this.requireRunning(id);
    const evaluation = await this.evaluation(test);
    const variant = choice.variant ?? evaluation.winner;
    if (variant === null) {
      throw new BadInputError(`${evaluation.interpretation} Name a variant, or close the test without one.`);
    }
    requireVariant(test, variant);
    return this.end(test, { decision: variant, note: choice.note ?? null, by, evaluation });
  }

  /** Ends a test without a decision. @throws StoreError as `recordObservation` */
  async close(id: number, by: string, note: string | null = null): Promise<ToldExperiment> {
    const test = await this.requireRunning(id);
    return this.end(test, { decision: null, note, by, evaluation: await this.evaluation(test) });
  }

  private async evaluation(test: Experiment): Promise<ExperimentEvaluation> {
    const { arms, pending } = await readArms(this.deps.pool, test);
    const evaluated_at = this.deps.clock.now().toISOString();
    return { experiment_id: test.id, evaluated_at, pending, ...evaluateAbTest(test, arms) };
  }

  private async end(
    test: Experiment,
    end: { decision: string | null; note: string | null; by: string; evaluation: ExperimentEvaluation },
  ): Promise<ToldExperiment> {
    requireText(end.by, 'The end of a test names whoever ended it.');
    const ended = await this.write((db) => endExperiment(db, test.id, { ...end, at: this.deps.clock.now() }));
    if (!ended) throw new StoreError('conflict', `“${test.name}” has ended.`);
    return this.show(test.id);
  }

  private get reader(): Queryable {
    return this.deps.db ?? this.deps.pool;
  }

  private write<Result>(work: (db: Queryable) => Promise<Result>): Promise<Result> {
    const { db, pool } = this.deps;
    return db === undefined ? inTransaction(pool, work) : work(db);
  }

  private async require(id: number): Promise<Experiment> {
    const test = await findExperiment(this.reader, id);
    if (test === null) throw new StoreError('notFound', `There is no A/B test ${id}.`);
    return test;
  }

  private async requireRunning(id: number): Promise<Experiment> {
    const test = await this.require(id);
    if (test.status !== 'running') throw new StoreError('conflict', `“${test.name}” has ended.`);
    return test;
  }
}

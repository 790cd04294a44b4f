/** The main job: collect, backfill, import, analyze; each step a run of its own in Temporal. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Pool } from 'pg';
import { addDays, dayOf } from '../../analytics/calendar.js';
import type { StartedRun } from '../../contracts/ports.js';
import type { BackfillProgress, DayWindow } from '../../contracts/runs.js';
import type { Platform } from '../../contracts/vocabulary.js';
import { planBackfill, startBackfill } from '../../operations/backfills.js';
import type { GeneratedWorld } from '../../sandbox/generated-world.js';
import type { RecordedWorld } from '../../sandbox/recorded-world.js';
import { dailyStreamFiles } from '../../sandbox/stream-exports.js';
import { collectionOf } from '../../services/due-collections.js';
import { getAccount } from '../../store/accounts.js';
import { listPlans, type Plan, type PlanState } from '../../store/backfill-plans.js';
import type { OperatorRunStarter } from '../../operations/run-starter.js';
import type { Report } from '../../contracts/records.js';
import { tellBackfill } from '../backfill-view.js';
import { waitForRun, type EndedRun, type TellProgress } from '../wait.js';
import type { Session } from '../session.js';
import type { RunningWorld } from './bring-up.js';
import { failOnce, leaveLooseEnds, passingOutage, streamsImport } from './loose-ends.js';
import { accountNames } from './seed.js';
import { recordedMomentsByDay } from './worlds.js';

export interface JobStep {
  title: string;
  run: StartedRun;
  ended: EndedRun;
  seconds: number;
}

/** Runs every step and returns them in order; a failed one does not keep the next from being tried. */
export async function runMainJob(world: RunningWorld): Promise<JobStep[]> {
  const { session, demo, firstStart } = world;
  const starter = await session.starter();
  if (demo.kind === 'recorded') return recordedJob(session, starter, demo.world, demo.dataDirectory);
  if (firstStart) world.sandbox.faults.add(passingOutage);
  if (firstStart) await failOnce(session, starter, exportsFolderOf(world.stateDirectory));
  const steps = await generatedJob(session, starter, demo.world, world.stateDirectory);
  if (firstStart) await leaveLooseEnds(session);
  return steps;
}

async function generatedJob(
  session: Session,
  starter: OperatorRunStarter,
  world: GeneratedWorld,
  stateDirectory: string,
): Promise<JobStep[]> {
  const account = accountNames.generated;
  const today = dayOf(session.clock.now(), 'UTC');
  const history: DayWindow = { from: world.firstDay, to: today };
  const exportsFolder = await writeExports(world, stateDirectory);
  const collected = await Promise.all([
    collectStep(session, starter, 'Collect the videos’ counters of now', 'youtube', account),
    collectStep(session, starter, 'Collect the tracks’ gauges of now', 'spotify', account),
  ]);
  // Counters, reports and files are independent of one another, as they are on any other day.
  const loaded = await Promise.all([
    backfillStep(session, 'Backfill the year’s counters', {
      platform: 'youtube',
      account,
      report: 'counters',
      window: history,
    }),
    backfillStep(session, 'Backfill the year’s daily reports', {
      platform: 'youtube',
      account,
      report: 'daily',
      window: history,
    }),
    importStep(session, starter, 'Import the year’s streams', exportsFolder, account),
  ]);
  return [...collected, ...loaded, await analysisStep(session, starter)];
}

async function recordedJob(
  session: Session,
  starter: OperatorRunStarter,
  world: RecordedWorld,
  dataDirectory: string,
): Promise<JobStep[]> {
  const account = accountNames.recorded;
  const moments = recordedMomentsByDay(world);
  const days = [...moments.keys()].sort();
  const loaded = await Promise.all([
    backfillStep(session, 'Collect every recorded moment', {
      platform: 'youtube',
      account,
      report: 'counters',
      window: { from: days[0]!, to: addDays(days.at(-1)!, 1) },
      moments,
    }),
    importStep(
      session,
      starter,
      'Import 620 days of streams',
      path.resolve(dataDirectory, 'spotify/daily-streams/DailyStream'),
      account,
    ),
  ]);
  const metadata = await collectStep(session, starter, 'Collect the tracks’ metadata', 'spotify', account);
  return [...loaded, metadata, await analysisStep(session, starter)];
}

function exportsFolderOf(stateDirectory: string): string {
  return path.join(stateDirectory, 'exports');
}

/** The files as the team would have downloaded them. */
async function writeExports(world: GeneratedWorld, stateDirectory: string): Promise<string> {
  const folder = exportsFolderOf(stateDirectory);
  await mkdir(folder, { recursive: true });
  for (const { name, text } of dailyStreamFiles(world)) await writeFile(path.join(folder, name), text);
  return folder;
}

async function step(
  session: Session,
  title: string,
  start: () => Promise<StartedRun>,
  tell?: TellProgress,
): Promise<JobStep> {
  const begun = performance.now();
  session.output.progress(`${title} …`);
  const run = await start();
  const ended = await waitForRun(session, run, (progress) => {
    const text = tell?.(progress) ?? null;
    return text === null ? null : `  ${title}: ${text}`;
  });
  const seconds = (performance.now() - begun) / 1_000;
  session.output.progress(
    ended.state === 'succeeded'
      ? `${title}: done in ${seconds.toFixed(1)} s`
      : `${title}: ${ended.state} — ${ended.message ?? 'no reason given'}`,
  );
  return { title, run, ended, seconds };
}

interface Backfill {
  platform: Platform;
  account: string;
  report: Report;
  window: DayWindow;
  moments?: ReadonlyMap<string, readonly string[]>;
}

async function backfillStep(session: Session, title: string, backfill: Backfill): Promise<JobStep> {
  const deps = await session.backfills();
  return step(
    session,
    title,
    async () => {
      const plan =
        (await openPlanOf(deps.pool, backfill)) ??
        (await planBackfill(deps, { ...backfill, mode: 'missing' }));
      return startBackfill(deps, plan.id);
    },
    (progress) => tellBackfill(progress as BackfillProgress),
  );
}

/** The plan that a start which was cut short has left: it goes on where it was. */
async function openPlanOf(pool: Pool, { platform, account, report }: Backfill): Promise<Plan | undefined> {
  const open: readonly PlanState[] = ['planned', 'running', 'paused', 'parked'];
  return (await listPlans(pool)).find(
    (plan) =>
      plan.platform === platform &&
      plan.account === account &&
      plan.report === report &&
      open.includes(plan.state),
  );
}

async function collectStep(
  session: Session,
  starter: OperatorRunStarter,
  title: string,
  platform: Platform,
  account: string,
): Promise<JobStep> {
  const pool = await session.pool();
  const today = dayOf(session.clock.now(), 'UTC');
  const window = { from: today, to: addDays(today, 1) };
  return step(session, title, async () =>
    starter.collect({
      ...(await collectionOf({ pool }, await getAccount(pool, platform, account), 'counters', window)),
      // The whole chain follows when everything is in.
      analyze: false,
    }),
  );
}

function importStep(
  session: Session,
  starter: OperatorRunStarter,
  title: string,
  folder: string,
  account: string,
): Promise<JobStep> {
  return step(session, title, () => starter.importFile(streamsImport(folder, account)));
}

function analysisStep(session: Session, starter: OperatorRunStarter): Promise<JobStep> {
  return step(session, 'Analyze everything', () =>
    starter.analyze({ scope: { kind: 'all' }, chain: 'full', cause: 'first-look' }),
  );
}

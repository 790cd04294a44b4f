import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { scheduleLink } from '../../../operations/links.js';
import {
  listSchedules,
  pauseSchedule,
  resumeSchedule,
  triggerSchedule,
} from '../../../operations/schedules.js';
import type { ScheduleSettings } from '../../../operations/declared-schedules.js';
import { markSchedule } from '../../../store/schedules.js';
import { principalOfRequest, servicesOf } from '../../access/authentication.js';
import type { ServerDependencies } from '../../dependencies.js';
import { requestNameOf } from '../idempotency.js';
import { envelope, problems, zodRoutes } from '../route.js';
import { instant } from '../schemas/fields.js';
import { noteField } from './fields.js';
import { requireWholeView } from './whole-view.js';

const scheduleSchema = z
  .object({
    id: z.string(),
    about: z.string(),
    paused: z.boolean(),
    reason: z.string().nullable(),
    last_at: instant.nullable(),
    next_at: instant.nullable(),
    last_run: z.string().nullable().describe('The workflow id of the latest run that it started.'),
    skipped_overlap: z.int(),
    missed_catch_up: z.int(),
    url: z.string().describe('The schedule in Temporal’s web UI.'),
  })
  .meta({ id: 'Schedule' });
const changedSchema = envelope(z.object({ id: z.string(), url: z.string() }));
const params = z.strictObject({ id: z.string().regex(/^[a-z0-9-]{1,100}$/, 'is a schedule’s name') });
const tags = ['schedules'];

export function registerSchedules(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  const operations = (request: FastifyRequest) => deps.operations(principalOfRequest(request).artists);
  const changed = (id: string): { data: { id: string; url: string } } => ({
    data: { id, url: scheduleLink(deps.ui, id) },
  });
  const config = { scope: 'operate' } as const;
  routes.get(
    '/api/v1/schedules',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Schedules',
        description: 'What runs by itself, with its last and its next time.',
        response: { 200: envelope(z.array(scheduleSchema)), ...problems },
      },
    },
    async (request) => {
      const { client } = await operations(request);
      const schedules = await listSchedules(client, settingsOf(deps));
      return {
        data: schedules.map(({ id, about, paused, reason, lastAt, nextAt, lastRun, ...counts }) => ({
          ...{ id, about, paused, reason, last_run: lastRun },
          last_at: lastAt?.toISOString() ?? null,
          next_at: nextAt?.toISOString() ?? null,
          skipped_overlap: counts.skippedOverlap,
          missed_catch_up: counts.missedCatchUp,
          url: scheduleLink(deps.ui, id),
        })),
      };
    },
  );
  routes.post(
    '/api/v1/schedules/:id/pause',
    {
      config,
      schema: {
        tags,
        summary: 'Pause a schedule',
        description: 'It starts no more runs. Takes a key of every artist, as all changes of schedules do.',
        params,
        body: z.strictObject({ reason: noteField.describe('Why, for whoever wonders.') }),
        response: { 200: changedSchema, ...problems },
      },
    },
    async (request) => {
      requireWholeView(request, 'A schedule');
      const { id } = request.params;
      const { reason } = request.body;
      const { client } = await operations(request);
      await pauseSchedule(client, id, reason);
      await markSchedule(servicesOf(request, deps).pool, id, reason, deps.clock.now());
      return changed(id);
    },
  );
  routes.post(
    '/api/v1/schedules/:id/resume',
    {
      config,
      schema: {
        tags,
        summary: 'Resume a schedule',
        description: 'What it missed meanwhile is caught up by its next run.',
        params,
        response: { 200: changedSchema, ...problems },
      },
    },
    async (request) => {
      requireWholeView(request, 'A schedule');
      const { id } = request.params;
      const { client } = await operations(request);
      await resumeSchedule(client, id);
      await markSchedule(servicesOf(request, deps).pool, id, null, deps.clock.now());
      return changed(id);
    },
  );
  routes.post(
    '/api/v1/schedules/:id/trigger',
    {
      config,
      schema: {
        tags,
        summary: 'Run what a schedule runs, now',
        description: 'Paused or not; while its former run goes on, nothing is started.',
        params,
        response: { 202: changedSchema, ...problems },
      },
    },
    async (request, reply) => {
      requireWholeView(request, 'A schedule');
      const { id } = request.params;
      const { client } = await operations(request);
      await triggerSchedule(client, id, requestNameOf(request));
      void reply.code(202).header('location', '/api/v1/runs');
      return changed(id);
    },
  );
}

/** Calendars follow the real clock, as schedules do. */
function settingsOf({ configuration }: ServerDependencies): ScheduleSettings {
  return {
    dailyAnalysisAt: configuration.DAILY_ANALYSIS_AT,
    zone: configuration.DAILY_ANALYSIS_TIME_ZONE,
    queuePrefix: '',
    now: new Date(),
  };
}

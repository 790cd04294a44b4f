/** What runs by itself and when: paused with a reason, resumed, run at once. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { scheduleLink } from '../../../operations/links.js';
import {
  listSchedules,
  pauseSchedule,
  resumeSchedule,
  triggerSchedule,
} from '../../../operations/schedules.js';
import { declaredSchedules, type ScheduleSettings } from '../../../operations/declared-schedules.js';
import { principalOfRequest } from '../../access/authentication.js';
import { zodRoutes } from '../../api/route.js';
import type { Operations, ServerDependencies } from '../../dependencies.js';
import type { ToldProblem } from '../../problems.js';
import { act, formBody } from '../parts/form.js';
import { Empty, Partial, Refusal } from '../parts/notices.js';
import { sendWithFreshness } from '../parts/page.js';
import { askTemporal } from '../parts/temporal.js';
import { viewerOf } from '../parts/viewer.js';
import { ScheduleAbout, SchedulePanel } from './schedule-panel.js';
import { WorkTabs } from './work-tabs.js';

const params = z.object({ id: z.string().min(1).max(200) });

export function registerSchedules(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  routes.get('/schedules', { config: { scope: 'read', isPage: true } }, (request, reply) =>
    sendSchedules(request, reply, deps, null),
  );
  const config = { scope: 'operate', isPage: true } as const;
  const done = (
    request: FastifyRequest,
    reply: FastifyReply,
    word: string,
    work: (client: Operations['client'], requestName: string | null) => Promise<void>,
  ): Promise<FastifyReply> =>
    act(
      request,
      reply,
      deps,
      async (requestName) => {
        const { client } = await deps.operations(principalOfRequest(request).artists);
        await work(client, requestName);
        return { to: '/schedules', word };
      },
      (problem) => sendSchedules(request, reply, deps, problem),
    );
  routes.post(
    '/schedules/:id/pause',
    {
      config,
      schema: {
        params,
        body: formBody({ reason: z.string().trim().min(1, 'tells whoever wonders; give one').max(500) }),
      },
    },
    (request, reply) => {
      const { id } = request.params;
      const { reason } = request.body;
      return done(request, reply, `${id} is paused.`, (client) => pauseSchedule(client, id, reason));
    },
  );
  routes.post(
    '/schedules/:id/resume',
    { config, schema: { params, body: formBody({}) } },
    (request, reply) => {
      const { id } = request.params;
      return done(request, reply, `${id} goes on.`, (client) => resumeSchedule(client, id));
    },
  );
  routes.post(
    '/schedules/:id/trigger',
    { config, schema: { params, body: formBody({}) } },
    (request, reply) => {
      const { id } = request.params;
      return done(
        request,
        reply,
        `${id} is triggered; its run appears among the runs.`,
        (client, requestName) => triggerSchedule(client, id, requestName),
      );
    },
  );
}

function settingsOf({ configuration }: ServerDependencies): ScheduleSettings {
  return {
    dailyAnalysisAt: configuration.DAILY_ANALYSIS_AT,
    zone: configuration.DAILY_ANALYSIS_TIME_ZONE,
    queuePrefix: '',
    // Schedules follow the real clock, whatever the data's is.
    now: new Date(),
  };
}

async function sendSchedules(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: ServerDependencies,
  refusal: ToldProblem | null,
): Promise<FastifyReply> {
  const settings = settingsOf(deps);
  const { value, away } = await askTemporal(request, deps, ({ client }) => listSchedules(client, settings));
  return sendWithFreshness(request, reply, deps, {
    title: 'Schedules',
    section: '/runs',
    status: refusal?.status ?? 200,
    content: (
      <>
        <h1>Schedules</h1>
        <WorkTabs here="/schedules" />
        <Refusal problem={refusal} />
        {away === null ? null : (
          <Partial>
            Last and next runs cannot be shown now, and nothing can be paused, resumed or triggered: {away}{' '}
            What is declared stands below.
          </Partial>
        )}
        {value?.length === 0 ? (
          <Empty>
            No schedule has been applied yet. Apply the declared ones with{' '}
            <code>tidemark schedule apply</code>.
          </Empty>
        ) : null}
        <ul class="schedules">
          {value === null
            ? declaredSchedules(settings).map(({ id, about }) => (
                <li key={id} class="panel">
                  <h2>{id}</h2>
                  <ScheduleAbout about={about} />
                </li>
              ))
            : value.map((schedule) => (
                <SchedulePanel
                  key={schedule.id}
                  schedule={schedule}
                  zone={zoneOf(schedule.about, settings)}
                  url={scheduleLink(deps.ui, schedule.id)}
                  viewer={viewerOf(request)}
                  now={settings.now}
                />
              ))}
        </ul>
      </>
    ),
  });
}

/** The zone that a schedule's time of day is meant in; an interval has none. */
function zoneOf(about: string, { zone }: ScheduleSettings): string | null {
  return about.includes(zone) && about.startsWith('Daily') ? zone : null;
}

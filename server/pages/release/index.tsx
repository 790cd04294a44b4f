/** The page of one release: its course, what happened to it, and what lies ahead. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { VNode } from 'preact';
import { z } from 'zod';
import { annotationsOfRelease, type Annotation } from '../../../store/annotations.js';
import { zodRoutes } from '../../api/route.js';
import { servicesOf } from '../../access/authentication.js';
import { Bars } from '../../charts/bars.js';
import type { ServerDependencies } from '../../dependencies.js';
import { numberText } from '../parts/figures.js';
import { metricName } from '../parts/metric-name.js';
import { Annotations } from './annotations.js';
import { FilterBar, wordFor } from '../filter-bar.js';
import { periodInWords, queryOf, type FilterQuery } from '../filter.js';
import { ReleaseChart } from './chart.js';
import { downloadFormats, sendDownload } from './download.js';
import { Events } from './events.js';
import { FiguresTable } from './figures-table.js';
import { Outlook } from './outlook.js';
import { readReleaseView, views, type ReleaseView } from './view.js';
import { sendWithFreshness } from '../parts/page.js';
import { Tabs } from '../parts/tabs.js';
import { viewerOf, type Viewer } from '../parts/viewer.js';

const params = z.object({
  id: z.coerce
    .number()
    .int()
    .positive()
    .max(2 ** 31 - 1),
});

export function registerRelease(app: FastifyInstance, deps: ServerDependencies): void {
  const routes = zodRoutes(app);
  const config = { scope: 'read', isPage: true } as const;
  const viewOf = (request: FastifyRequest, id: number): Promise<ReleaseView> => {
    const services = servicesOf(request, deps);
    const query = request.query as FilterQuery;
    return services.cache.remember(`release page ${String(id)} ${JSON.stringify(query)}`, () =>
      readReleaseView(services, deps.clock.now(), id, query),
    );
  };
  routes.get('/releases/:id', { config, schema: { params } }, async (request, reply) => {
    const { id } = request.params;
    const [model, annotations] = await Promise.all([
      viewOf(request, id),
      annotationsOfRelease(servicesOf(request, deps).pool, id),
    ]);
    const notes = { annotations, viewer: viewerOf(request), back: request.url, now: deps.clock.now() };
    return sendWithFreshness(request, reply, deps, {
      title: model.release.title,
      section: '/releases',
      content: <ReleasePage model={model} notes={notes} />,
    });
  });
  routes.get(
    '/releases/:id/download.:format',
    { config, schema: { params: params.extend({ format: z.enum(downloadFormats) }) } },
    async (request, reply) =>
      sendDownload(reply, await viewOf(request, request.params.id), request.params.format),
  );
}

interface Notes {
  annotations: readonly Annotation[];
  viewer: Viewer;
  back: string;
  now: Date;
}

function ReleasePage({ model, notes }: { model: ReleaseView; notes: Notes }): VNode {
  const { release, reach, read, metric, view, series } = model;
  const { filter } = read;
  const path = `/releases/${String(release.id)}`;
  const keep = { metric, ...(view === 'daily' ? {} : { view }) };
  const hasData = series.series.some(({ points }) => points.some(({ value }) => value !== null));
  return (
    <>
      <p class="quiet">
        <a href="/releases">Releases</a>
      </p>
      <h1 dir="auto">{release.title}</h1>
      <p class="quiet">
        {[
          release.format?.replaceAll('_', ' ') ?? null,
          release.releasedOn === null ? null : `released ${release.releasedOn}`,
          release.state,
        ]
          .filter((part) => part !== null)
          .join(' · ')}
      </p>
      <FilterBar path={path} read={read} keep={keep} hasTypical />
      <Tabs
        label="Metrics"
        tabs={[...new Set([...reach.metrics, metric])].map((name) => ({
          href: `${path}?${queryOf(filter, {}, { ...keep, metric: name })}`,
          name: metricName(name),
          isChosen: name === metric,
        }))}
      />
      <nav aria-label="View" class="buttons">
        {views.map((name) => (
          <a
            key={name}
            class="button"
            href={`${path}?${queryOf(filter, {}, { metric, ...(name === 'daily' ? {} : { view: name }) })}`}
            aria-current={name === view ? 'true' : undefined}
          >
            {name === 'daily' ? 'Gained' : 'In total'}
          </a>
        ))}
      </nav>
      {hasData ? (
        <>
          <section class="panel chart-panel" aria-label="Course">
            <ReleaseChart {...model} />
            <Downloads path={path} query={queryOf(filter, {}, keep)} />
          </section>
          <Figures {...model} />
        </>
      ) : (
        <NoData {...model} path={path} />
      )}
      <Outlook trends={model.happened.trends} metric={metric} />
      <Events {...model} />
      {hasData ? <FiguresTable {...model} /> : null}
      <Annotations releaseId={release.id} {...notes} />
      <Contents {...model} />
    </>
  );
}

function NoData({ reach, read, metric, path }: ReleaseView & { path: string }): VNode {
  const { filter } = read;
  if (reach.firstDay === null)
    return (
      <p class="empty">
        Nothing has been told of this release yet. <a href="/add-data">Add data</a>, or{' '}
        <a href="/add-data/unlinked">link its contents</a>.
      </p>
    );
  return (
    <p class="empty">
      No {metricName(metric).toLowerCase()} were told from {periodInWords(filter.from, filter.to)}; there is
      data from {reach.firstDay} to {reach.lastDay}. <a href={`${path}?range=life`}>Show all of it</a>
    </p>
  );
}

function Downloads({ path, query }: { path: string; query: string }): VNode {
  return (
    <p class="downloads">
      Download what is shown:{' '}
      {downloadFormats.map((format) => (
        <a key={format} href={`${path}/download.${format}?${query}`} download>
          {format.toUpperCase()}
        </a>
      ))}
    </p>
  );
}

function Figures({ series, read, metric }: ReleaseView): VNode | null {
  if (series.adds_up !== 'sum' || series.interval === 'hour') return null;
  return (
    <section class="panel" aria-label="By platform">
      <Bars
        id="release-platforms"
        name={`${metricName(metric)} by platform`}
        period={periodInWords(read.filter.from, read.filter.to)}
        bars={series.series.map(({ platform, total }) => ({
          name: wordFor(platform),
          value: total ?? 0,
          text: numberText(total),
        }))}
      />
    </section>
  );
}

function Contents({ release }: ReleaseView): VNode {
  return (
    <section aria-labelledby="contents">
      <h2 id="contents">On the platforms</h2>
      {release.contents.length === 0 ? (
        <p class="empty">
          No content is linked to it yet: see <a href="/add-data/unlinked">those without a release</a>.
        </p>
      ) : (
        <ul class="plain-list">
          {release.contents.map(({ id, platform, contentKey, publishedAt, isPrimary }) => (
            <li key={id}>
              {wordFor(platform)} <code>{contentKey}</code>{' '}
              <span class="quiet">
                {publishedAt === null ? '' : `published ${publishedAt.toISOString().slice(0, 10)}`}
                {isPrimary ? ' · primary' : ''}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** The releases to choose from: found by their title, a page at a time. */
import type { FastifyInstance } from 'fastify';
import type { VNode } from 'preact';
import { z } from 'zod';
import { positionOf, searchReleases, type FoundRelease } from '../../store/release-search.js';
import { servicesOf } from '../access/authentication.js';
import { listCursor } from '../api/cursor.js';
import type { ServerDependencies } from '../dependencies.js';
import { wordFor } from './filter-bar.js';
import type { FilterQuery } from './filter.js';
import { readFreshness } from './freshness.js';
import { sendPage } from './shell.js';

const pageLength = 50;
const mostWords = 10;
const cursor = listCursor('release page', z.tuple([z.iso.date(), z.int()]));

export function registerReleaseList(app: FastifyInstance, deps: ServerDependencies): void {
  app.get('/releases', { config: { scope: 'read', isPage: true } }, async (request, reply) => {
    const services = servicesOf(request, deps);
    const told = request.query as FilterQuery;
    const search = textIn(told, 'q').slice(0, 200);
    const after = cursor.read(textIn(told, 'cursor') || undefined);
    const words = search
      .split(/\s+/u)
      .filter((word) => word !== '')
      .slice(0, mostWords);
    const [rows, freshness] = await Promise.all([
      services.cache.remember(`releases found ${JSON.stringify([words, after])}`, () =>
        searchReleases(services.pool, { words, after, limit: pageLength + 1 }),
      ),
      readFreshness(services, deps.clock),
    ]);
    const { data, next_cursor: next } = cursor.page(rows, pageLength, (row) => [...positionOf(row)]);
    const content = (
      <>
        <h1>Releases</h1>
        <form method="get" action="/releases" class="filters" role="search" data-search="found">
          <div class="field">
            <label for="search">Words of the title</label>
            <input
              id="search"
              type="search"
              name="q"
              value={search}
              size={30}
              dir="auto"
              autocomplete="off"
            />
          </div>
          <div class="buttons">
            <button type="submit" class="button-main">
              Search
            </button>
            {search === '' ? null : (
              <a class="button" href="/releases">
                Show all
              </a>
            )}
          </div>
        </form>
        <div id="found" aria-live="polite">
          <Found rows={data} search={search} isFirst={after === null} next={next} />
        </div>
      </>
    );
    return sendPage(request, reply, deps, freshness, { title: 'Releases', section: '/releases', content });
  });
}

interface FoundProps {
  rows: readonly FoundRelease[];
  search: string;
  isFirst: boolean;
  next: string | undefined;
}

function Found({ rows, search, isFirst, next }: FoundProps): VNode {
  if (rows.length === 0)
    return search === '' ? (
      <p class="empty">
        There is no approved release yet: <code>tidemark release add</code> makes one, and a collection brings
        the figures.
      </p>
    ) : (
      <p class="empty">
        No approved release has “<bdi>{search}</bdi>” in its title. <a href="/releases">Show all</a>
      </p>
    );
  const query = (told: string | null): string => {
    const fields = new URLSearchParams();
    if (search !== '') fields.set('q', search);
    if (told !== null) fields.set('cursor', told);
    return fields.size === 0 ? '/releases' : `/releases?${fields.toString()}`;
  };
  return (
    <>
      <div class="table-scroll" tabIndex={0} role="group" aria-label="Releases">
        <table>
          <caption>
            {search === '' ? 'Approved releases, the latest first' : 'What was found, the latest first'}
          </caption>
          <thead>
            <tr>
              <th scope="col">Release</th>
              <th scope="col">Artist</th>
              <th scope="col">Released</th>
              <th scope="col">Format</th>
              <th scope="col">Platforms</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ id, title, artist, releasedOn, format, platforms }) => (
              <tr key={id}>
                <th scope="row" dir="auto">
                  <a href={`/releases/${String(id)}`}>{title}</a>
                </th>
                <td dir="auto">{artist}</td>
                <td>{releasedOn === null ? '–' : <time dateTime={releasedOn}>{releasedOn}</time>}</td>
                <td>{format?.replaceAll('_', ' ') ?? '–'}</td>
                <td>{platforms.length === 0 ? 'none yet' : platforms.map(wordFor).join(', ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <nav class="buttons pages" aria-label="Pages">
        {isFirst ? null : (
          <a class="button" href={query(null)}>
            First page
          </a>
        )}
        {next === undefined ? null : (
          <a class="button" href={query(next)} rel="next">
            Next page
          </a>
        )}
      </nav>
    </>
  );
}

function textIn(query: FilterQuery, field: string): string {
  const told = query[field];
  return typeof told === 'string' ? told.trim() : '';
}

/** What every page stands in: document, navigation, freshness, theme. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { ServerDependencies } from '../dependencies.js';
import { scriptPaths, styleSheetPaths } from './assets.js';
import type { Freshness } from './freshness.js';
import { exportPathOf } from './exports/export-query.js';
import { themeOf, type Theme } from './theme.js';

export const sections = [
  { path: '/', name: 'Overview' },
  { path: '/releases', name: 'Releases' },
  { path: '/trending', name: 'Trending' },
  { path: '/stock-sources', name: 'Stock sources' },
  { path: '/insights', name: 'Insights' },
  { path: '/runs', name: 'Runs' },
  { path: '/add-data', name: 'Add data' },
] as const;
export type SectionPath = (typeof sections)[number]['path'];

export interface ShellOptions {
  /** Of the document, before the program's name. */
  title: string;
  /** The section that the page belongs to; null for those of none. */
  section: SectionPath | null;
  theme: Theme;
  /** Path and query of the page itself. */
  url: string;
  /** Null where it is not known: nobody is signed in, or the database is away. */
  freshness: Freshness | null;
  demo: ServerDependencies['demo'];
  signedInAs: { actor: string; csrfToken: string } | null;
  /** Where the page’s figures are exported; null where it has none. */
  exportPath: string | null;
}

interface ShellProps extends ShellOptions {
  children: ComponentChildren;
}

const themeNames = { auto: 'Auto', light: 'Light', dark: 'Dark' } as const;

export function Shell({
  title,
  section,
  theme,
  url,
  freshness,
  demo,
  signedInAs,
  exportPath,
  children,
}: ShellProps): VNode {
  return (
    <html lang="en" data-theme={theme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} · Tidemark`}</title>
        {styleSheetPaths.map((path) => (
          <link key={path} rel="stylesheet" href={path} />
        ))}
        {scriptPaths.map((path) => (
          <script key={path} src={path} defer />
        ))}
      </head>
      <body>
        <a class="skip-link" href="#main">
          Skip to the content
        </a>
        <header class="site-header">
          <a class="brand" href="/">
            Tidemark
          </a>
          <nav aria-label="Sections" class="sections">
            <ul>
              {sections.map(({ path, name }) => (
                <li key={path}>
                  <a href={path} aria-current={path === section ? 'page' : undefined}>
                    {name}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
          <div class="site-tools">
            {freshness === null ? null : <FreshnessBadge freshness={freshness} />}
            <nav aria-label="Theme" class="themes">
              {(Object.keys(themeNames) as Theme[]).map((name) => (
                <a
                  key={name}
                  href={`/theme?set=${name}&back=${encodeURIComponent(url)}`}
                  aria-current={name === theme ? 'true' : undefined}
                >
                  {themeNames[name]}
                </a>
              ))}
            </nav>
            {signedInAs === null ? null : (
              <form method="post" action="/logout" class="sign-out">
                <input type="hidden" name="_csrf" value={signedInAs.csrfToken} />
                <button type="submit" title={signedInAs.actor}>
                  Sign out
                </button>
              </form>
            )}
          </div>
        </header>
        {demo === null ? null : (
          <aside class="banner" aria-label="Where the data comes from">
            {demo.kind === 'generated'
              ? 'Demonstration: the figures come from a generated world.'
              : 'Recordings: the figures are of the past and stand still.'}
          </aside>
        )}
        <main id="main" tabIndex={-1}>
          {children}
        </main>
        {exportPath === null ? null : (
          <footer class="site-footer">
            <a href={exportPath}>Export these figures</a>
            <a href="/docs">HTTP API</a>
          </footer>
        )}
      </body>
    </html>
  );
}

function FreshnessBadge({ freshness }: { freshness: Freshness }): VNode {
  const { through, collected, stale, href } = freshness;
  return (
    <a class={stale ? 'badge badge-stale' : 'badge'} href={href}>
      <span class="nowrap">
        {stale ? 'Stale: ' : ''}
        {through}
        {collected === null ? '' : ','}
      </span>{' '}
      {collected === null ? null : <span class="nowrap">{collected}</span>}
    </a>
  );
}

/** Renders a page into its shell. */
export function renderPage(options: ShellOptions, content: ComponentChildren): string {
  return `<!doctype html>${renderToString(<Shell {...options}>{content}</Shell>)}`;
}

export interface PageContent {
  title: string;
  section: SectionPath | null;
  content: ComponentChildren;
  /** 200 unless told. */
  status?: number;
}

/** Sends a page with everything about whoever looks at it. */
export function sendPage(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: Pick<ServerDependencies, 'demo'>,
  freshness: Freshness | null,
  { title, section, content, status = 200 }: PageContent,
): FastifyReply {
  const { principal } = request;
  const options: ShellOptions = {
    title,
    section,
    theme: themeOf(request),
    url: request.url,
    freshness,
    demo: deps.demo,
    signedInAs: principal?.by === 'session' ? principal : null,
    exportPath: principal === null || status !== 200 ? null : exportPathOf(section, request.url),
  };
  return reply
    .code(status)
    .type('text/html; charset=utf-8')
    .header('cache-control', 'private, no-cache')
    .header('vary', 'cookie')
    .send(renderPage(options, content));
}

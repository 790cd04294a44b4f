/** The pages' style sheet and script, under names that change with their content. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

interface Asset {
  path: string;
  type: string;
  content: string;
}

const styleSheets = ['site.css', 'work.css'] as const;
const scripts = ['site.js', 'live.js'] as const;

function read(name: string, type: string): Asset {
  const content = readFileSync(new URL(`assets/${name}`, import.meta.url), 'utf8');
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 10);
  const [stem, extension] = name.split('.') as [string, string];
  return { path: `/assets/${stem}.${digest}.${extension}`, type, content };
}

const assets = {
  styleSheets: styleSheets.map((name) => read(name, 'text/css; charset=utf-8')),
  scripts: scripts.map((name) => read(name, 'text/javascript; charset=utf-8')),
};

export const styleSheetPaths = assets.styleSheets.map(({ path }) => path);
export const scriptPaths = assets.scripts.map(({ path }) => path);

export function registerAssets(app: FastifyInstance): void {
  for (const { path, type, content } of [...assets.styleSheets, ...assets.scripts])
    app.get(path, { config: { scope: 'public' } }, (_request, reply) =>
      reply.type(type).header('cache-control', 'public, max-age=31536000, immutable').send(content),
    );
  app.get('/favicon.ico', { config: { scope: 'public' } }, (_request, reply) =>
    reply
      .type('image/svg+xml')
      .header('cache-control', 'public, max-age=86400')
      .send(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#0072b2"/><path d="M2 10c2-3 4-3 6 0s4 3 6 0" fill="none" stroke="#fff" stroke-width="2"/></svg>',
      ),
  );
}

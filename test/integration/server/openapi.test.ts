import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestSite, type TestSite } from '../../support/site.js';

interface Operation {
  summary?: string;
  description?: string;
  tags?: string[];
  responses: Record<string, { content?: Record<string, { schema?: object }> }>;
}
interface Description {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
}

let site: TestSite;
beforeAll(async () => {
  site = await createTestSite();
});
afterAll(() => site.close());

const described = (): Description => JSON.parse(JSON.stringify(site.app.swagger())) as Description;

it('the committed description is that of the routes', async () => {
  const committed = await readFile(new URL('../../../docs/openapi.json', import.meta.url), 'utf8');
  expect(JSON.parse(committed), 'write it anew with “npm run openapi”').toEqual(described());
});

it('every route of the API is in it, and tells what it is, answers and refuses', () => {
  const { openapi, paths } = described();
  expect(openapi).toMatch(/^3\.1/);
  const programs = site.app.takenRoutes.filter(
    ({ url, method }) => /^\/(api|analytics|webhook)\//.test(url) && method !== 'HEAD',
  );
  expect(programs.length).toBeGreaterThan(10);
  for (const { method, url, scope } of programs) {
    const path = url.replaceAll(/:(\w+)/g, '{$1}');
    const operation = paths[path]?.[method.toLowerCase()];
    const name = `${method} ${url}`;
    expect(operation, name).toBeDefined();
    const { summary, description, tags, responses } = operation!;
    expect(summary, name).toMatch(/\w/);
    expect(description, name).toMatch(/\w/);
    if (scope !== 'public') expect(description, name).toContain(`\`${scope}\``);
    expect(tags, name).toHaveLength(1);
    for (const kind of ['4XX', '5XX'])
      expect(responses[kind]?.content?.['application/problem+json']?.schema, name).toBeDefined();
    const successes = Object.keys(responses).filter((status) => status.startsWith('2'));
    expect(successes, name).not.toEqual([]);
  }
});

it('refers to nothing that is not there', () => {
  const document = described() as Description & { components: { schemas: object } };
  const named = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/([^"]+)/g)].map(
    ([, name]) => name!,
  );
  expect(named.length).toBeGreaterThan(0);
  expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(named));
});

it('can be read at /docs by whoever comes', async () => {
  const page = await site.app.inject({ url: '/docs', headers: { accept: 'text/html' } });
  expect(page.statusCode).toBe(200);
  const policy = String(page.headers['content-security-policy']);
  expect(policy).toContain("script-src 'self';");
  expect(policy).not.toMatch(/https:|upgrade/);
  expect((await site.app.inject({ url: '/docs/json' })).json<Description>().openapi).toMatch(/^3\.1/);
});

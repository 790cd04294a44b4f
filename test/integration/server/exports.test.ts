import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestSite, type TestSite } from '../../support/site.js';

let site: TestSite;
let analyst: { authorization: string };
beforeAll(async () => {
  site = await createTestSite();
  analyst = await site.keyHeader('analyst');
  const tracked = await site.app.inject({
    method: 'POST',
    url: '/analytics/engagement/track',
    headers: analyst,
    payload: { content_id: '=cmd', platform: 'youtube', metrics: { views: 1_500, likes: 120 } },
  });
  expect(tracked.statusCode).toBe(200);
});
afterAll(() => site.close());

describe('an export at once', () => {
  it('is the file itself, with nothing that a spreadsheet would run', async () => {
    const answer = await site.app.inject({
      url: '/api/v1/exports/now?dataset=content&format=csv&timeframe=30d',
      headers: analyst,
    });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(answer.headers['content-disposition']).toMatch(
      /^attachment; filename="tidemark-content-30d-.*\.csv"$/,
    );
    expect(answer.body).toContain('cmd');
    expect(answer.body).not.toMatch(/(^|,)=cmd/m);
  });

  it('is a workbook when asked', async () => {
    const answer = await site.app.inject({ url: '/api/v1/exports/now?format=xlsx', headers: analyst });
    expect(answer.statusCode).toBe(200);
    expect(answer.rawPayload.subarray(0, 2).toString()).toBe('PK');
  });

  it('names the field that it does not know', async () => {
    const answer = await site.app.inject({ url: '/api/v1/exports/now?dataset=secrets', headers: analyst });
    expect(answer.statusCode).toBe(400);
    expect(answer.body).toContain('dataset');
  });
});

describe('an export in the background', () => {
  it('says that it cannot be started while Temporal is away, and leaves nothing half asked for', async () => {
    const answer = await site.app.inject({
      method: 'POST',
      url: '/api/v1/exports',
      headers: analyst,
      payload: {},
    });
    expect(answer.statusCode).toBe(503);
    const listed = await site.app.inject({ url: '/api/v1/exports', headers: analyst });
    expect(listed.json()).toEqual({ data: [] });
  });

  it('gives its file to nobody without the link', async () => {
    const answer = await site.app.inject({ url: '/api/v1/exports/1/file?token=guess' });
    expect(answer.statusCode).toBe(404);
  });
});

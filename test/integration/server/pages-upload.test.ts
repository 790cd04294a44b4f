import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { upsertAccount } from '../../../store/accounts.js';
import { addArtist } from '../../../store/artists.js';
import { countQuarantined, listQuarantined } from '../../../store/quarantine.js';
import { addRelease } from '../../../store/releases.js';
import { listRuns } from '../../../store/runs.js';
import { ownerPool, visitAs, type PageVisitor } from '../../support/page-visitor.js';
import { createTestSite, type TestSite } from '../../support/site.js';

let now = new Date('2026-03-10T12:00:00Z');

let site: TestSite;
let pool: Pool;
let directory: string;
let artistId: number;
let analyst: PageVisitor;
let limited: PageVisitor;
let viewer: PageVisitor;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidemark-upload-'));
  site = await createTestSite({ now: () => now, environment: { TIDEMARK_STATE_DIRECTORY: directory } });
  pool = ownerPool(site);
  artistId = (await addArtist(pool, 'Ours')).id;
  await upsertAccount(pool, { platform: 'youtube', name: 'main' });
  analyst = await visitAs(site, 'analyst');
  limited = await visitAs(site, 'analyst', [artistId]);
  viewer = await visitAs(site, 'viewer');
});
afterAll(async () => {
  await pool.end();
  await site.close();
  await rm(directory, { recursive: true, force: true });
});

const march = {
  name: '../../march <b>.csv',
  content: [
    'platform,external_id,metric,value,recorded_at',
    'youtube,one,views,100,2026-03-01T12:00:00Z',
    'youtube,one,views,many,2026-03-02T12:00:00Z',
    'youtube,one,likes,7,2026-03-01T12:00:00Z',
    'myspace,one,views,5,2026-03-02T12:00:00Z',
    '',
  ].join('\n'),
};
const fields = { format: 'long-csv', account: 'youtube/main' };
const send = (who: PageVisitor, more: Partial<typeof fields> = {}, file = march) =>
  who.upload('/add-data/uploads', { ...fields, ...more }, file);

const viewsOf = async (externalId: string): Promise<number[]> =>
  (
    await pool.query<{ views: number }>(
      `select s.views from engagement_snapshots s join contents c on c.id = s.content_id
       where c.external_id = $1 and s.views is not null order by s.recorded_at`,
      [externalId],
    )
  ).rows.map(({ views }) => views);

/** Names of what is kept, folders' own left out. */
async function keptFiles(): Promise<string[]> {
  const kept = await readdir(join(directory, 'uploads'), { recursive: true, withFileTypes: true });
  return kept
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
}

describe('a file on the page', () => {
  let address: string;

  it('is looked through before anything is loaded, under a name of ours', async () => {
    const sent = await send(analyst);
    expect(sent.statusCode).toBe(303);
    address = sent.headers.location!;
    const page = await analyst.follow(sent);
    expect(page.body).toContain('Looked through 4 rows; nothing is loaded yet.');
    expect(page.body).toContain('Load 2 good rows');
    expect(page.body).not.toContain('<b>');
    for (const [line, field, reason] of [
      ['3', 'value', 'is not a number'],
      ['5', 'platform', 'is no platform that is known'],
    ] as const)
      expect(page.body).toMatch(new RegExp(`>${line}</th><td>${field}</td><td>${reason}</td>`));
    expect(await keptFiles()).toEqual(['upload.csv', 'upload.json']);
    expect(await viewsOf('one')).toEqual([]);
    expect(await listRuns(pool)).toEqual([]);
  });

  it('is shown to nobody but whoever sent it', async () => {
    const other = await visitAs(site, 'analyst');
    for (const path of [address, `${address}/rejects`])
      expect((await other.get(path)).statusCode, path).toBe(404);
    expect((await other.post(`${address}/commit`)).statusCode).toBe(404);
    expect((await viewer.get(address)).statusCode).toBe(403);
    expect((await analyst.post(`${address}/commit`, { _csrf: 'forged' })).statusCode).toBe(403);
    expect(await viewsOf('one')).toEqual([]);
  });

  it('is loaded as a run, removed, and gives its rejects back', async () => {
    const before = await analyst.get(`${address}/rejects`);
    const committed = await analyst.post(`${address}/commit`);
    expect(committed.statusCode).toBe(303);
    expect(await viewsOf('one')).toEqual([100]);
    const page = await analyst.follow(committed);
    const [run] = await listRuns(pool);
    expect(run).toMatchObject({ kind: 'import', state: 'partial', account: 'main' });
    expect(page.body).toContain(`href="/runs/${run!.id}"`);
    expect(page.body).not.toContain('/commit"');
    expect(await keptFiles()).toEqual(['rejects.csv', 'upload.json']);
    const rejects = await analyst.get(`${address}/rejects`);
    expect(rejects.headers['content-disposition']).toMatch(
      /^attachment; filename="rejects-[\da-f]{8}\.csv"$/,
    );
    expect(rejects.body).toContain('youtube,one,views,many,2026-03-02T12:00:00Z,3,value,is not a number');
    expect(rejects.body).toBe(before.body);
    // Once more, as by a second window.
    expect((await analyst.post(`${address}/commit`)).statusCode).toBe(303);
    expect(await listRuns(pool)).toHaveLength(1);
  });

  it('is refused in words where it is none, and nothing is kept of it', async () => {
    const kept = await keptFiles();
    const refused = async (more: Partial<typeof fields>, file = march): Promise<[number, string]> => {
      const answer = await send(analyst, more, file);
      return [answer.statusCode, answer.body];
    };
    const odd = { name: 'odd.csv', content: 'a,b\n1,2\n' };
    expect(await refused({}, odd)).toEqual([400, expect.stringContaining('Expected a CSV with the columns')]);
    expect(await refused({ account: 'youtube/other' })).toEqual([
      400,
      expect.stringContaining('There is no account'),
    ]);
    expect(await refused({ format: 'xls' })).toEqual([400, expect.stringContaining('choose one')]);
    expect(await refused({ format: 'daily-streams' })).toEqual([
      400,
      expect.stringContaining('tells no day'),
    ]);
    const none = await analyst.post('/add-data/uploads');
    expect(none.statusCode).toBe(415);
    expect(await keptFiles()).toEqual(kept);
  });
});

describe('rows that were set aside', () => {
  const idOf = async (field: string): Promise<string> =>
    (await listQuarantined(pool)).find((row) => row.field === field)!.id;

  it('are mended field by field and loaded; what is still no good stays as it was typed', async () => {
    const id = await idOf('value');
    const page = await analyst.get('/add-data/quarantine');
    expect(page.body).toContain(`action="/add-data/quarantine/${id}/replay"`);
    expect(page.body).toMatch(/name="set\.value" value="many"/);
    const row = {
      platform: 'youtube',
      external_id: 'one',
      metric: 'views',
      recorded_at: '2026-03-02T12:00:00Z',
    };
    const form = (value: string): Record<string, string> =>
      Object.fromEntries(Object.entries({ ...row, value }).map(([name, told]) => [`set.${name}`, told]));
    const refused = await analyst.post(`/add-data/quarantine/${id}/replay`, form('a lot'));
    expect(refused.statusCode).toBe(422);
    expect(refused.body).toContain('still no good: value is not a number');
    expect(refused.body).toMatch(/name="set\.value" value="a lot"/);
    expect(await viewsOf('one')).toEqual([100]);
    const mended = await analyst.post(`/add-data/quarantine/${id}/replay`, form('140'));
    expect((await analyst.follow(mended)).body).toContain(`Row ${id} was loaded by run`);
    expect(await viewsOf('one')).toEqual([100, 140]);
    expect((await analyst.get('/add-data/quarantine')).body).not.toContain(`quarantine/${id}/`);
  });

  it('are let be with a note', async () => {
    const id = await idOf('platform');
    const dismissed = await analyst.post(`/add-data/quarantine/${id}/dismiss`, { note: 'gone for good' });
    expect(dismissed.statusCode).toBe(303);
    expect(await countQuarantined(pool)).toEqual({ open: 0, replayed: 1, dismissed: 1 });
    expect((await listQuarantined(pool)).find((row) => row.id === id)!.note).toBe('gone for good');
    expect((await analyst.post(`/add-data/quarantine/${id}/replay`)).statusCode).toBe(409);
    expect((await analyst.get('/add-data/quarantine')).body).toContain('No row waits to be mended.');
  });
});

describe('contents without a release', () => {
  it('are linked after a look that tells what to know', async () => {
    const { id } = await addRelease(pool, { artistId, title: 'Neap 🌊', state: 'draft' });
    const list = await analyst.get('/add-data/unlinked?q=one');
    expect(list.body).toContain('/add-data/unlinked?content=youtube%3Aone');
    expect((await analyst.get('/add-data/unlinked?q=nothing')).body).toContain('No unlinked content');
    expect((await analyst.get('/add-data/unlinked?content=youtube:none')).statusCode).toBe(404);
    await pool.query(`update releases set state = 'approved' where id = $1`, [id]);
    const choice = await analyst.get('/add-data/unlinked?content=youtube:one&q=neap');
    expect(choice.body).toContain(`content=youtube%3Aone&amp;release=${id}`);
    const look = await analyst.get(`/add-data/unlinked?content=youtube:one&release=${id}`);
    expect(look.body).toContain('Nothing speaks against it.');
    const linked = async (): Promise<unknown> =>
      (await pool.query(`select release_id from contents where content_key = 'youtube:one'`)).rows;
    expect(await linked()).toEqual([{ release_id: null }]);
    const form = { content: 'youtube:one', release: String(id) };
    expect((await viewer.post('/add-data/unlinked/link', form)).statusCode).toBe(403);
    const stranger = await visitAs(site, 'analyst', [(await addArtist(pool, 'Others')).id]);
    expect((await stranger.post('/add-data/unlinked/link', form)).statusCode).toBe(404);
    expect(await linked()).toEqual([{ release_id: null }]);
    const done = await analyst.post('/add-data/unlinked/link', form);
    expect((await analyst.follow(done)).body).toContain('youtube:one belongs to “Neap 🌊” now.');
    expect(await linked()).toEqual([{ release_id: id }]);
    expect((await analyst.get('/add-data/unlinked')).body).toContain('Every content belongs to a release.');
  });
});

describe('keys that may not', () => {
  it('are told why: limited to some artists, or to looking', async () => {
    const kept = await keptFiles();
    const sent = await send(limited);
    expect(sent.statusCode).toBe(403);
    expect(sent.body).toContain('concerns every artist');
    const replayed = await limited.post('/add-data/quarantine/1/replay', { 'set.value': '1' });
    expect(replayed.statusCode).toBe(403);
    expect(replayed.body).toContain('concerns every artist');
    expect((await send(viewer)).statusCode).toBe(403);
    expect(await keptFiles()).toEqual(kept);
    for (const path of ['/add-data/uploads', '/add-data/quarantine', '/add-data/unlinked']) {
      const page = await viewer.get(path);
      expect(page.statusCode, path).toBe(200);
      expect(page.body, path).toContain('takes a key of an analyst');
      expect(page.body, path).not.toContain('method="post" action="/add-data');
    }
    for (const path of ['/add-data/uploads', '/add-data/quarantine']) {
      const page = await limited.get(path);
      expect(page.body, path).toContain('your key is limited to some');
      expect(page.body, path).not.toContain('method="post" action="/add-data');
    }
    // The control: whoever may is shown the form.
    expect((await analyst.get('/add-data/uploads')).body).toContain(
      'method="post" action="/add-data/uploads',
    );
  });
});

describe('a file that nobody loads', () => {
  it('is kept for a day and no longer', async () => {
    // A key, since a session does not outlive the day.
    const headers = { ...(await site.keyHeader('analyst')), accept: 'text/html' };
    const sendByKey = async (): Promise<string> => {
      const payload = new FormData();
      for (const [name, told] of Object.entries(fields)) payload.append(name, told);
      payload.append('file', new File([march.content], 'waiting.csv'));
      const sent = await site.app.inject({ method: 'POST', url: '/add-data/uploads', headers, payload });
      return sent.headers.location!;
    };
    const statusOf = async (url: string): Promise<number> =>
      (await site.app.inject({ url, headers })).statusCode;
    const first = await sendByKey();
    now = new Date(now.getTime() + 86_400_000);
    expect(await statusOf(first)).toBe(200);
    now = new Date(now.getTime() + 1);
    expect(await statusOf(first)).toBe(404);
    const second = await sendByKey();
    expect(await statusOf(second)).toBe(200);
    // The loaded one's rejects are gone as well.
    expect(await keptFiles()).toEqual(['upload.csv', 'upload.json']);
  });
});

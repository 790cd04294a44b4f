import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addArtist } from '../../../store/artists.js';
import { listAuditEntries } from '../../../store/audit-log.js';
import { upsertDescriptions } from '../../../store/contents.js';
import { addRelease, linkContent } from '../../../store/releases.js';
import { ownerPool, visitAs, type PageVisitor } from '../../support/page-visitor.js';
import { createTestSite, type TestSite } from '../../support/site.js';

const now = new Date('2026-03-04T12:00:00Z');
const wildName = 'Red <script>alert(1)</script> or مدّ';

let site: TestSite;
let pool: Pool;
let artistId: number;
let analyst: PageVisitor;
let viewer: PageVisitor;

beforeAll(async () => {
  site = await createTestSite({ now: () => now });
  pool = ownerPool(site);
  artistId = (await addArtist(pool, 'Ours')).id;
  const { id: releaseId } = await addRelease(pool, { artistId, title: 'Neap', state: 'approved' });
  await upsertDescriptions(
    pool,
    ['a', 'b'].map((externalId) => ({
      ...{ platform: 'youtube' as const, externalId, kind: 'video' as const, title: externalId },
      ...{ description: null, publishedAt: null, durationSeconds: null, tags: null, language: null },
      ...{ format: null, isrc: null, attributes: {} },
    })),
    null,
  );
  for (const key of ['youtube:a', 'youtube:b']) await linkContent(pool, key, releaseId);
  analyst = await visitAs(site, 'analyst', [artistId]);
  viewer = await visitAs(site, 'viewer', [artistId]);
});
afterAll(async () => {
  await pool.end();
  await site.close();
});

function definition(more: Record<string, string> = {}): Record<string, string> {
  return {
    ...{ name: 'Thumbnail', hypothesis: 'A face is clicked more often.', artist: String(artistId) },
    ...{ metric: 'clicks', kind: 'proportion', goal: 'increase', variants: 'plain\r\nface\r\n' },
    ...{ baseline: '0.04', effect: '0.01', deviation: '', alpha: '0.05', power: '0.8', age: '' },
    ...more,
  };
}

async function define(more: Record<string, string>): Promise<string> {
  const answer = await analyst.post('/experiments', definition(more));
  expect(answer.statusCode).toBe(303);
  return answer.headers.location!;
}

async function count(table: 'ab_tests' | 'ab_test_performance' | 'ab_test_assignments'): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(`select count(*)::int as count from ${table}`);
  return rows[0]!.count;
}

/** What stands beside a field, and null where nothing does. */
function besideField(body: string, id: string): string | null {
  return new RegExp(`<span id="${id}-problem" class="field-error">([^<]*)</span>`).exec(body)?.[1] ?? null;
}

const textOf = (body: string): string => body.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');

describe('the list of experiments', () => {
  it('says that there is none, and how to the first, to those who may', async () => {
    const page = await analyst.get('/experiments');
    expect(page.body).toContain('<h1>Experiments</h1>');
    expect(page.body).toContain('There is no experiment yet');
    expect(page.body).toContain('href="/experiments/new"');
    const seen = await viewer.get('/experiments');
    expect(seen.body).toContain('takes a key of an analyst');
    expect(seen.body).not.toContain('href="/experiments/new"');
    expect((await viewer.get('/insights')).body).toContain('href="/experiments"');
    expect(page.body).toContain('href="/insights"');
  });
});

describe('a new experiment', () => {
  it('shows the planned sample before anything is kept', async () => {
    const query = new URLSearchParams({ ...definition(), step: 'plan' }).toString();
    const page = await analyst.get(`/experiments/new?${query}`);
    expect(page.statusCode).toBe(200);
    const planned = /([\d,]+) observations a variant/.exec(textOf(page.body))![1]!;
    expect(Number(planned.replaceAll(',', ''))).toBeGreaterThan(6_000);
    expect(await count('ab_tests')).toBe(0);
    const made = await analyst.post('/experiments', definition());
    expect(made.statusCode).toBe(303);
    expect(textOf((await analyst.follow(made)).body)).toContain(`it needs ${planned} observations a variant`);
    const { rows } = await pool.query(
      `select name, artist_id, kind, goal, alpha, planned_per_variant::int as planned, created_by,
         (select array_agg(v.name order by v.is_control desc) from ab_test_variants v
          where v.ab_test_id = t.id) as variants from ab_tests t`,
    );
    expect(rows).toEqual([
      {
        ...{ name: 'Thumbnail', artist_id: artistId, kind: 'proportion', goal: 'increase', alpha: 0.05 },
        ...{ planned: Number(planned.replaceAll(',', '')), variants: ['plain', 'face'] },
        created_by: expect.stringMatching(/^key \d+ \(test analyst\)$/) as string,
      },
    ]);
    const list = await viewer.get('/experiments?status=running');
    expect(list.body).toContain(`href="${made.headers.location!}"`);
    expect(list.body).toContain(planned);
    expect((await viewer.get('/experiments?status=closed')).body).toContain('No experiment matches');
  });

  it('tells every fault beside its field, keeps what was typed, and makes nothing of it', async () => {
    const before = await count('ab_tests');
    const wrong = { baseline: '4 %', alpha: '0.9', variants: 'alone', power: '', hypothesis: 'Still "here"' };
    const refused = await analyst.post('/experiments', definition({ name: ' ', ...wrong }));
    expect(refused.statusCode).toBe(400);
    for (const [field, told] of [
      ['name', 'a test has a name'],
      ['baseline', 'the baseline is a number'],
      ['alpha', 'alpha lies between 0 and 0.5'],
      ['power', 'power lies between 0.5 and 1'],
      ['variants', 'at least one variant beside it'],
    ] as const)
      expect(besideField(refused.body, field)).toContain(told);
    expect(besideField(refused.body, 'metric')).toBeNull();
    expect(refused.body).toContain('aria-describedby="baseline-problem baseline-hint" aria-invalid="true"');
    expect(refused.body).toContain('Still &quot;here&quot;');
    expect(refused.body).toContain('value="4 %"');
    const fields: [Record<string, string>, string, string][] = [
      [{ baseline: '0.995' }, 'effect', 'leads past 0 or 1'],
      [{ kind: 'mean', baseline: '3' }, 'deviation', 'needs the standard deviation'],
      [{ age: '28' }, 'age', 'by a mean'],
      [{ variants: 'same\nsame' }, 'variants', 'the same name'],
    ];
    for (const [more, field, told] of fields) {
      const query = new URLSearchParams({ ...definition(more), step: 'plan' }).toString();
      const page = await analyst.get(`/experiments/new?${query}`);
      expect(page.statusCode).toBe(400);
      expect(besideField(page.body, field)).toContain(told);
      expect(page.body).not.toContain('Keep the plan');
    }
    const taken = await analyst.post('/experiments', definition());
    expect(taken.statusCode).toBe(409);
    expect(besideField(taken.body, 'name')).toContain('of this name already');
    expect(await count('ab_tests')).toBe(before);
  });

  it('is for those who may write, about artists of their own, and with the form’s token', async () => {
    const before = await count('ab_tests');
    const page = await viewer.get('/experiments/new');
    expect(page.statusCode).toBe(200);
    expect(page.body).not.toContain('<fieldset');
    expect((await viewer.post('/experiments', definition({ name: 'Viewer' }))).statusCode).toBe(403);
    const forged = await analyst.post('/experiments', definition({ name: 'Forged', _csrf: 'forged' }));
    expect(forged.statusCode).toBe(403);
    const other = await addArtist(pool, 'Others');
    const foreign = await analyst.post('/experiments', definition({ name: 'F', artist: String(other.id) }));
    expect(foreign.statusCode).toBeGreaterThanOrEqual(400);
    expect(foreign.statusCode).toBeLessThan(500);
    expect(await count('ab_tests')).toBe(before);
  });
});

describe('an experiment of recorded totals', () => {
  it('takes totals, names the winner with its intervals, and is decided', async () => {
    const path = await define({ name: wildName });
    const totals = { plain: ['20000', '800'], face: ['20000', '1200'] } as const;
    expect((await viewer.get(path)).body).toContain('No answer');
    for (const [variant, [trials, successes]] of Object.entries(totals)) {
      const fields = { variant, trials, successes, mean: '', variance: '', release: '', content: '' };
      const answer = await analyst.post(`${path}/observations`, fields);
      expect(answer.statusCode).toBe(303);
      expect((await analyst.follow(answer)).body).toContain(`Recorded for “${variant}”: 20,000 trials.`);
    }
    const { rows } = await pool.query(
      `select variant, trials::int as trials, successes::int as successes from ab_test_performance
       where ab_test_id = $1 order by variant`,
      [path.split('/').at(-1)],
    );
    expect(rows).toEqual([
      { variant: 'face', trials: 20_000, successes: 1_200 },
      { variant: 'plain', trials: 20_000, successes: 800 },
    ]);
    const page = await viewer.get(path);
    const text = textOf(page.body);
    for (const told of [
      'A variant wins.',
      '6 %',
      '4 %',
      '+2.00 points',
      '+50 %',
      'Look as often as you like',
    ])
      expect(text).toContain(told);
    expect(text).toMatch(/\+1\.\d\d points to \+2\.\d\d points/);
    expect(text).toContain('takes a key of an analyst');
    expect(page.body).not.toContain('<script>alert');
    expect(page.body).not.toContain(`action="${path}`);

    expect((await viewer.post(`${path}/decide`, { decision: 'face' })).statusCode).toBe(403);
    const decided = await analyst.post(`${path}/decide`, { decision: '', note: 'Faces from now on' });
    expect(decided.statusCode).toBe(303);
    expect(textOf((await analyst.follow(decided)).body)).toContain('Decided for “face”.');
    const { rows: ended } = await pool.query(
      `select status, decision, decision_note, evaluation->>'winner' as winner from ab_tests where id = $1`,
      [path.split('/').at(-1)],
    );
    expect(ended).toEqual([
      { status: 'decided', decision: 'face', decision_note: 'Faces from now on', winner: 'face' },
    ]);
    expect((await listAuditEntries(pool))[0]).toMatchObject({
      action: 'POST /experiments/:id/decide',
      subject: `${path}/decide`,
    });
    const late = await analyst.post(`${path}/observations`, { variant: 'face', trials: '1', successes: '1' });
    expect(late.statusCode).toBe(409);
    expect(late.body).not.toContain(`action="${path}`);
    expect((await viewer.get('/experiments?status=decided')).body).toContain(`href="${path}"`);
  });

  it('tells beside the field what makes no observation, and records none of it', async () => {
    const path = await define({ name: 'Faulty totals' });
    const before = await count('ab_test_performance');
    const record = (fields: Record<string, string>) =>
      analyst.post(`${path}/observations`, { variant: 'face', trials: '10', successes: '1', ...fields });
    for (const [fields, field, told] of [
      [{ trials: 'ten' }, 'trials', 'whole number'],
      [{ successes: '11' }, 'successes', 'no more than the trials'],
      [{ content: 'youtube:nowhere' }, 'content', 'There is no content'],
      [{ release: '-1' }, 'release', 'the number of a release'],
      [{ release: '999999' }, 'release', 'none that you may write to'],
    ] as const) {
      const refused = await record(fields);
      expect(refused.statusCode).toBe(400);
      expect(besideField(refused.body, field)).toContain(told);
    }
    const anywhere = await visitAs(site, 'analyst');
    const unknown = await anywhere.post(`${path}/observations`, {
      ...{ variant: 'face', trials: '10', successes: '1', release: '999999' },
    });
    expect(besideField(unknown.body, 'release')).toMatch(/release/i);
    expect(await count('ab_test_performance')).toBe(before);
    const undecided = await analyst.post(`${path}/decide`, { decision: '', note: 'Kept' });
    expect(undecided.statusCode).toBe(400);
    expect(besideField(undecided.body, 'decision')).toContain('Name a variant');
    expect(undecided.body).toContain('value="Kept"');
  });

  it('is closed without a decision, and decided against the result', async () => {
    const closed = await define({ name: 'To be closed' });
    expect((await analyst.post(`${closed}/close`, { note: '' })).statusCode).toBe(303);
    expect(textOf((await viewer.get(closed)).body)).toContain('Closed without a decision');
    const chosen = await define({ name: 'To be chosen' });
    expect((await analyst.post(`${chosen}/decide`, { decision: 'plain' })).statusCode).toBe(303);
    const { rows } = await pool.query<{ status: string; decision: string | null }>(
      `select status, decision from ab_tests where name like 'To be%' order by name`,
    );
    expect(rows).toEqual([
      { status: 'decided', decision: 'plain' },
      { status: 'closed', decision: null },
    ]);
  });
});

describe('an experiment at equal age', () => {
  it('is assigned contents, each to one variant', async () => {
    const mean = {
      kind: 'mean',
      metric: 'views',
      baseline: '900',
      effect: '100',
      deviation: '300',
      age: '28',
    };
    const path = await define({ name: 'Length', ...mean });
    const assign = (variant: string, contents: string) =>
      analyst.post(`${path}/assignments`, { variant, contents });
    const answer = await assign('face', 'youtube:a\r\n');
    expect(answer.statusCode).toBe(303);
    const text = textOf((await analyst.follow(answer)).body);
    expect(text).toContain('1 assigned content has no value at the age yet');
    expect(text).toContain('assigned contents after 28 days');
    const { rows } = await pool.query('select variant from ab_test_assignments');
    expect(rows).toEqual([{ variant: 'face' }]);
    for (const [variant, contents, told] of [
      ['plain', 'youtube:a', 'has the variant “face” already'],
      ['plain', 'youtube:b\nyoutube:nowhere', 'There is no content'],
      ['plain', ' ', 'a content a line'],
    ] as const) {
      const refused = await assign(variant, contents);
      expect(refused.statusCode).toBe(400);
      expect(besideField(refused.body, 'contents')).toContain(told);
    }
    expect(await count('ab_test_assignments')).toBe(1);
  });
});

describe('an experiment of somebody else', () => {
  it('is nowhere, as one that there is not', async () => {
    const path = await define({ name: 'Ours alone' });
    const stranger = await visitAs(site, 'analyst', [(await addArtist(pool, 'Strangers')).id]);
    expect((await stranger.get('/experiments')).body).toContain('There is no experiment yet');
    expect((await stranger.get(path)).statusCode).toBe(404);
    expect((await stranger.post(`${path}/close`)).statusCode).toBe(404);
    expect((await analyst.get('/experiments/999999')).statusCode).toBe(404);
    expect((await analyst.get('/experiments/abc')).statusCode).toBe(400);
    const { rows } = await pool.query(`select status from ab_tests where name = 'Ours alone'`);
    expect(rows).toEqual([{ status: 'running' }]);
  });
});

/** What people do on the pages, done to a running demonstration: so that every page has something to show. */
import type { Pool } from 'pg';
import { addDays } from '../../analytics/calendar.js';
import { addArtist } from '../../store/artists.js';
import { addRelease } from '../../store/releases.js';

/** Where the pages of single things are; a number stands for its page. */
export interface Places {
  release: string;
  source: string;
  insight: string;
  draft: string;
  running: string;
  decided: string;
  /** A release with the wildest title, and a metric that nobody described. */
  wild: string;
  run: string;
  failedRun: string;
  plan: string;
  done: string;
  upload: string;
  loadedUpload: string;
  content: string;
  /** Of an artist that most keys may not see. */
  foreignRelease: string;
  foreignArtistId: number;
  /** Last day of the preview of a backfill. */
  today: string;
}

export const wildTitle = '<script>alert(1)</script> مدّ وجزر 🌊🎶';

const csv = [
  'platform,external_id,metric,value,recorded_at',
  'youtube,never-linked-1,views,1200,2026-03-01T12:00:00Z',
  'youtube,never-linked-1,views,many,2026-03-02T12:00:00Z',
  'youtube,never-linked-2,likes,70,2026-03-01T12:00:00Z',
  'myspace,never-linked-2,views,5,2026-03-02T12:00:00Z',
  'youtube,never-linked-2,joy_per_beat,7.5,2026-03-02T12:00:00Z',
  '',
].join('\n');

export async function furnish(siteUrl: string, pool: Pool): Promise<Places> {
  const ask = async (path: string, body?: unknown): Promise<Answer> => {
    const answer = await fetch(`${siteUrl}${path}`, {
      ...(body === undefined
        ? {}
        : {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          }),
    });
    if (!answer.ok) throw new Error(`${path}: ${String(answer.status)} ${await answer.text()}`);
    return (await answer.json()) as Answer;
  };
  const one = async <Row>(statement: string): Promise<Row> => {
    const { rows } = await pool.query<Row & object>(statement);
    if (rows[0] === undefined) throw new Error(`Nothing is found by ${statement}`);
    return rows[0];
  };
  const { artist_id: artistId } = await one<{ artist_id: number }>(
    'select artist_id from releases order by id limit 1',
  );

  const define = async (name: string): Promise<string> => {
    const { data } = await ask('/api/v1/experiments', {
      artist_id: artistId,
      name,
      hypothesis: 'A face is clicked more often.',
      metric: 'clicks',
      kind: 'proportion',
      goal: 'increase',
      variants: [{ name: 'plain' }, { name: 'face' }],
      baseline: 0.04,
      minimum_effect: 0.01,
    });
    return String(data.id);
  };
  const record = async (id: string, variant: string, successes: number): Promise<unknown> =>
    ask(`/api/v1/experiments/${id}/observations`, { variant, trials: 9_000, successes });
  const [draft, running, decided] = [
    await define('Thumbnail with a face'),
    await define('Title in lower case'),
    await define('Lyrics in the description'),
  ];
  for (const id of [running, decided]) {
    await record(id, 'plain', 360);
    await record(id, 'face', id === running ? 390 : 520);
  }
  await ask(`/api/v1/experiments/${decided}/decide`, { variant: 'face', note: 'Clear enough.' });

  const upload = await sendFile(siteUrl, csv);
  const loadedUpload = await sendFile(siteUrl, csv);
  await commit(siteUrl, loadedUpload);

  const { id: wild } = await addRelease(pool, {
    artistId,
    title: wildTitle,
    state: 'approved',
    releasedOn: '2026-01-02',
  });
  for (const [metric, value] of [
    ['joy_per_beat', 7.5],
    ['views', 120],
  ] as const)
    await ask('/api/v1/performance-records', {
      ...{ release_id: wild, platform: 'youtube', metric_name: metric, metric_value: value },
    });
  const others = await addArtist(pool, 'Others');
  const foreign = await addRelease(pool, { artistId: others.id, title: 'Not yours', state: 'approved' });

  const [spike, source, insight, run, failed, plan, done, content] = [
    await one<{ id: number }>(`select release_id as id from anomalies a join contents c on c.id = a.content_id
      where c.release_id is not null and a.kind = 'spike' and a.metric = 'views' order by a.day desc limit 1`),
    await one<{ name: string }>('select source_name as name from stock_clip_usages order by id limit 1'),
    await one<{ id: string }>(
      `select id from optimization_insights where status = 'open' order by rank desc limit 1`,
    ),
    await one<{ id: string }>(`select id from runs where kind = 'analyze' order by id limit 1`),
    await one<{ id: string }>(`select id from runs order by (state = 'failed') desc, id limit 1`),
    await one<{ id: number }>(
      `select id from backfill_plans where state = 'planned' order by id desc limit 1`,
    ),
    await one<{ id: number }>(`select id from backfill_plans where state = 'finished' order by id limit 1`),
    await one<{ key: string }>(`select platform || ':' || external_id as key from contents
      where release_id is null order by id limit 1`),
  ];
  return {
    ...{ release: String(spike.id), source: source.name, insight: insight.id, draft, running, decided },
    wild: String(wild),
    ...{ run: run.id, failedRun: failed.id, plan: String(plan.id), done: String(done.id) },
    ...{ upload, loadedUpload, content: content.key },
    ...{ foreignRelease: String(foreign.id), foreignArtistId: others.id },
    today: addDays(new Date().toISOString().slice(0, 10), 0),
  };
}

async function commit(siteUrl: string, id: string): Promise<void> {
  const answer = await fetch(`${siteUrl}/add-data/uploads/${id}/commit`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: '',
  });
  if (answer.status !== 303) throw new Error(`The upload was not loaded: ${await answer.text()}`);
}

interface Answer {
  data: { id: number | string };
}

async function sendFile(siteUrl: string, content: string): Promise<string> {
  const body = new FormData();
  body.append('format', 'long-csv');
  body.append('account', 'youtube/main');
  body.append('file', new File([content], 'march report.csv', { type: 'text/csv' }));
  const answer = await fetch(`${siteUrl}/add-data/uploads`, { method: 'POST', body, redirect: 'manual' });
  const id = /uploads\/([\w-]+)/.exec(answer.headers.get('location') ?? '')?.[1];
  if (id === undefined) throw new Error(`The upload was refused: ${await answer.text()}`);
  return id;
}

/** What every writing route is sent when it is to touch something of a tenant's: a new route has to be decided about. */
import type pg from 'pg';
import { examplesFor } from '../../prove/api-examples.js';
import type { Tenant } from '../sql/tenants.js';

export interface ForeignWrite {
  url: string;
  /** JSON for the API, fields for a form. */
  body: Record<string, unknown>;
}

const someDay = { from: '2026-01-01', to: '2026-01-03' };
const noUpload = '00000000-0000-4000-8000-000000000000';

/** By `METHOD address`. Null: there is nothing of anybody's that the route could be told. */
export async function foreignWrites(
  pool: pg.Pool,
  tenant: Tenant,
): Promise<Record<string, ForeignWrite | null>> {
  const { name, artistId, own } = tenant;
  const idOf = (column: string): string => String([...own[column]!].find((id) => typeof id === 'number'));
  const found = async (sql: string, value: unknown): Promise<string> => {
    const { rows } = await pool.query<{ id: unknown }>(sql, [value]);
    return String(rows[0]!.id);
  };
  const content = `youtube:${name}`;
  const [insight, test, run, plan] = [
    idOf('insight_id'),
    idOf('ab_test_id'),
    idOf('run_id'),
    idOf('plan_id'),
  ];
  const annotation = await found('select id from annotations where artist_id = $1', artistId);
  const benchmark = await found('select id from performance_benchmarks where artist_id = $1', artistId);
  const key = await found('select id from api_keys where name = $1', name);
  const entry = await found('select id from manual_entries where entered_by = $1', name);
  const quarantined = await found('select id from quarantined_rows where origin = $1', name);
  const { bodies } = examplesFor(tenant);

  const api: Record<string, ForeignWrite | null> = {
    'DELETE /analytics/admin/cleanup': { url: '/analytics/admin/cleanup?retention_days=1', body: {} },
    'DELETE /api/v1/annotations/:id': { url: `/api/v1/annotations/${annotation}`, body: {} },
    'DELETE /api/v1/benchmarks/:id': { url: `/api/v1/benchmarks/${benchmark}`, body: {} },
    'DELETE /api/v1/keys/:id': { url: `/api/v1/keys/${key}`, body: {} },
    'POST /analytics/platform/insights': {
      url: '/analytics/platform/insights',
      body: { platform: 'youtube', timeframe: '1y' },
    },
    'POST /api/v1/imports': { url: '/api/v1/imports', body: {} },
    'POST /api/v1/keys': {
      url: '/api/v1/keys',
      body: { name: 'taken', scopes: ['read'], artist_ids: [artistId] },
    },
    'POST /logout': null,
  };
  for (const [route, body] of Object.entries(bodies)) {
    if (route.includes('{') || route === 'POST /webhook/youtube') continue;
    api[route] = { url: route.replace('POST ', ''), body: body as ForeignWrite['body'] };
  }
  const at = (place: string, body: Record<string, unknown> = {}, prefix = '/api/v1'): void => {
    const [kind, , step] = place.split('/') as [string, string, string];
    api[`POST ${prefix}/${kind}/:id/${step}`] = { url: `${prefix}/${place}`, body };
  };
  for (const prefix of ['/api/v1', '']) {
    at(`insights/${insight}/accept`, { note: 'mine' }, prefix);
    at(`insights/${insight}/dismiss`, { reason: 'mine' }, prefix);
    at(`insights/${insight}/snooze`, { until: '2099-01-01' }, prefix);
    at(`experiments/${test}/decide`, prefix === '' ? { decision: 'a', note: '' } : { variant: 'a' }, prefix);
    at(`experiments/${test}/close`, { note: 'mine' }, prefix);
    at(`runs/${run}/cancel`, {}, prefix);
    for (const step of ['pause', 'resume', 'trigger'])
      at(`schedules/maintain/${step}`, step === 'pause' ? { reason: 'mine' } : {}, prefix);
  }
  const totals = {
    variant: 'a',
    trials: '10',
    successes: '3',
    mean: '',
    variance: '',
    release: '',
    content: '',
  };
  at(`experiments/${test}/observations`, totals, '');
  at(`experiments/${test}/observations`, { variant: 'a', trials: 10, successes: 3 });
  at(`experiments/${test}/assignments`, { variant: 'a', content_ids: [content] });
  at(`experiments/${test}/assignments`, { variant: 'a', contents: content }, '');
  for (const step of ['pause', 'resume', 'cancel', 'retry-failed']) at(`backfills/${plan}/${step}`);
  return {
    ...api,
    'POST /backfills/:id/:action': { url: `/backfills/${plan}/cancel`, body: {} },
    'POST /backfills': {
      url: '/backfills',
      body: { ...someDay, account: `youtube/${name}`, report: 'counters', mode: 'all' },
    },
    'POST /experiments': {
      url: '/experiments',
      body: {
        ...{ name: 'taken', hypothesis: '', artist: String(artistId), metric: 'clicks', kind: 'proportion' },
        ...{ goal: 'increase', variants: 'a\nb', baseline: '0.1', effect: '0.02', deviation: '' },
        ...{ alpha: '0.05', power: '0.8', age: '' },
      },
    },
    'POST /releases/:id/annotations': {
      url: `/releases/${idOf('release_id')}/annotations`,
      body: { text: 'mine', at: '2026-01-02T12:00', zone: 'UTC' },
    },
    'POST /annotations/:id/remove': { url: `/annotations/${annotation}/remove`, body: {} },
    'POST /add-data': {
      url: '/add-data',
      body: {
        ...{ release: idOf('release_id'), platform: 'youtube', metric: 'views', value: '3' },
        ...{ at: '2026-01-02T12:00', zone: 'UTC' },
      },
    },
    'POST /add-data/entries/:id/undo': { url: `/add-data/entries/${entry}/undo`, body: {} },
    'POST /add-data/unlinked/link': {
      url: '/add-data/unlinked/link',
      body: { content, release: idOf('release_id') },
    },
    'POST /add-data/quarantine/:id/replay': { url: `/add-data/quarantine/${quarantined}/replay`, body: {} },
    'POST /add-data/quarantine/:id/dismiss': { url: `/add-data/quarantine/${quarantined}/dismiss`, body: {} },
    // Names no content: what it exports is what its sender sees.
    'POST /exports': null,
    // An upload is known by a random name to its sender alone.
    'POST /add-data/uploads': null,
    'POST /add-data/uploads/:id/commit': { url: `/add-data/uploads/${noUpload}/commit`, body: {} },
  };
}

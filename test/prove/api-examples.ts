/** What stands in requests about things that are there: without it nearly all would ask for what is not. */
import type { Tenant } from '../integration/sql/tenants.js';

export interface ApiExamples {
  /** Path → what stands for its one parameter. */
  paths: Record<string, string | number>;
  /** `METHOD path` → a body. */
  bodies: Record<string, unknown>;
}

export function examplesFor({ name, artistId, own }: Tenant): ApiExamples {
  const idOf = (column: string): number => [...own[column]!].find((id) => typeof id === 'number') as number;
  const content = `youtube:${name}`;
  const release = idOf('release_id');
  const insight = idOf('insight_id');
  const experiment = idOf('ab_test_id');
  const plan = idOf('plan_id');
  const paths: ApiExamples['paths'] = {
    '/analytics/realtime/metrics/{id}': content,
    '/analytics/realtime/platform-metrics/{platform}': 'youtube',
    '/api/v1/releases/{id}': release,
    '/api/v1/releases/{id}/series': release,
    '/api/v1/insights/{id}': insight,
    '/api/v1/insights/{id}/accept': insight,
    '/api/v1/insights/{id}/dismiss': insight,
    '/api/v1/insights/{id}/snooze': insight,
    '/api/v1/experiments/{id}': experiment,
    '/api/v1/experiments/{id}/observations': experiment,
    '/api/v1/experiments/{id}/assignments': experiment,
    '/api/v1/experiments/{id}/decide': experiment,
    '/api/v1/experiments/{id}/close': experiment,
    '/api/v1/stock-sources/{source_name}': name,
    '/api/v1/runs/{id}': idOf('run_id'),
    '/api/v1/runs/{id}/cancel': idOf('run_id'),
    '/api/v1/schedules/{id}/pause': 'maintain',
    '/api/v1/schedules/{id}/resume': 'maintain',
    '/api/v1/schedules/{id}/trigger': 'maintain',
    '/api/v1/backfills/{id}': plan,
    '/api/v1/backfills/{id}/pause': plan,
    '/api/v1/backfills/{id}/resume': plan,
    '/api/v1/backfills/{id}/cancel': plan,
    '/api/v1/backfills/{id}/retry-failed': plan,
    '/api/v1/exports/{id}': idOf('export_id'),
    '/api/v1/exports/{id}/file': idOf('export_id'),
  };
  const metrics = { views: 1500, likes: 120, engagement_rate: 0.085 };
  const range = { from: '2026-01-01', to: '2026-01-03' };
  const bodies: ApiExamples['bodies'] = {
    'POST /analytics/engagement/track': { content_id: content, platform: 'youtube', metrics },
    'POST /analytics/engagement/batch-track': {
      items: [{ content_id: content, platform: 'youtube', metrics }],
    },
    'POST /analytics/content/analyze': { content_id: content },
    'POST /analytics/content/compare': { content_ids: [content], metrics: ['views', 'performance_score'] },
    'POST /analytics/optimization/recommendations': { content_ids: [content] },
    'POST /analytics/admin/recalculate': { content_ids: [content] },
    'POST /webhook/youtube': { content_id: content, statistics: { viewCount: 10, likeCount: 1 } },
    'POST /api/v1/performance-records': {
      ...{ release_id: release, platform: 'youtube', metric_name: 'views', metric_value: 12 },
      recorded_at: '2026-01-02T12:00:00Z',
    },
    'POST /api/v1/benchmarks': { artist_id: artistId, platform: 'youtube', metric: 'views', median: 10 },
    'POST /api/v1/insights/{id}/snooze': { until: '2099-01-01' },
    'POST /api/v1/experiments': {
      ...{ artist_id: artistId, name: 'Thumbnails', metric: 'clicks', kind: 'proportion' },
      ...{ variants: [{ name: 'a' }, { name: 'b' }], baseline: 0.1, minimum_effect: 0.02 },
    },
    'POST /api/v1/experiments/{id}/observations': { variant: 'a', trials: 10, successes: 3 },
    'POST /api/v1/experiments/{id}/assignments': { variant: 'a', content_ids: [content] },
    'POST /api/v1/annotations': { text: 'A launch', at: '2026-01-02T12:00:00Z', release_id: release },
    'POST /api/v1/clip-usages': { source_name: name, clip_id: 'clip', release_id: release },
    'POST /api/v1/backfills': { platform: 'youtube', account: name, ...range },
    'POST /api/v1/exports': { dataset: 'series', content_ids: [content] },
  };
  return { paths, bodies };
}

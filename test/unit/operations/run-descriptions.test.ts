import { describe, expect, it } from 'vitest';
import {
  describeBackfill,
  describeCollect,
  describeImport,
  runAttributes,
  windowText,
} from '../../../contracts/run-descriptions.js';
import type { CollectStatsInput } from '../../../contracts/runs.js';
import { searchAttributes } from '../../../contracts/search-attributes.js';
import { queueBeside, taskQueues } from '../../../contracts/task-queues.js';
import { runLink, runsLink, scheduleLink } from '../../../operations/links.js';

const input: CollectStatsInput = {
  platform: 'youtube',
  account: 'main',
  report: 'counters',
  window: { from: '2026-01-05', to: '2026-01-06' },
  moments: [],
  reading: 1,
  analyze: true,
  planId: null,
};

describe('the names of runs', () => {
  it('read like sentences', () => {
    expect(describeCollect(input).workflowId).toBe('collect/youtube/main/2026-01-05');
    expect(describeCollect({ ...input, reading: 2 }).workflowId).toBe('collect/youtube/main/2026-01-05/2');
    expect(describeCollect({ ...input, report: 'daily' }).workflowId).toBe(
      'collect/youtube/main/daily/2026-01-05',
    );
    expect(describeCollect({ ...input, release: 7 }).workflowId).toBe(
      'collect/youtube/main/release-7/2026-01-05',
    );
    const week = { ...input, window: { from: '2026-01-05', to: '2026-01-12' } };
    expect(describeCollect(week).workflowId).toBe('collect/youtube/main/2026-01-05..2026-01-11');
    expect(describeCollect(week).staticSummary).toContain('2026-01-05..2026-01-11');
    const plan = { ...week.window, platform: 'youtube', account: 'main', report: 'counters' } as const;
    expect(describeBackfill({ planId: 12, concurrency: 4 }, plan).workflowId).toBe(
      'backfill/youtube/main/2026-01-05..2026-01-11/plan-12',
    );
    expect(windowText(input.window)).toBe('2026-01-05');
  });

  it('say nothing of the folder that a file stands in', () => {
    const file = {
      path: '/somebody/else/streams.csv',
      format: 'long-csv',
      account: null,
      analyze: false,
    } as const;
    const description = JSON.stringify(describeImport(file, 'abc123'));
    expect(description).toContain('import/streams.csv/abc123');
    expect(description).not.toContain('somebody');
  });

  it('carry typed attributes for what they are about, and only those', () => {
    expect(runAttributes({ runKind: 'collect', platform: 'youtube', windowStart: '2026-01-05' })).toEqual([
      { key: { name: searchAttributes.runKind, type: 'KEYWORD' }, value: 'collect' },
      { key: { name: searchAttributes.platform, type: 'KEYWORD' }, value: 'youtube' },
      {
        key: { name: searchAttributes.windowStart, type: 'DATETIME' },
        value: new Date('2026-01-05T00:00:00Z'),
      },
    ]);
  });
});

describe('the names of queues', () => {
  it('stand beside one another under a prefix', () => {
    expect(queueBeside('control', taskQueues.files)).toBe('files');
    expect(queueBeside('studio-control', taskQueues.files)).toBe('studio-files');
  });
});

describe('links', () => {
  const ui = { uiUrl: 'http://localhost:8233/', namespace: 'default' };

  it('lead to a run, a schedule and a list', () => {
    expect(runLink(ui, 'collect/youtube/main/2026-01-05', 'abc')).toBe(
      'http://localhost:8233/namespaces/default/workflows/collect%2Fyoutube%2Fmain%2F2026-01-05/abc/history',
    );
    expect(scheduleLink(ui, 'tick')).toBe('http://localhost:8233/namespaces/default/schedules/tick');
    expect(runsLink(ui, 'TidemarkPlatform = "youtube"')).toBe(
      'http://localhost:8233/namespaces/default/workflows?query=TidemarkPlatform%20%3D%20%22youtube%22',
    );
  });
});

import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLog, type LogSettings } from '../../../runtime/logger.js';
import { bridgeTemporalLog } from '../../../runtime/temporal-log.js';

function capture(settings: Partial<LogSettings> = {}): {
  log: ReturnType<typeof createLog>;
  lines: () => Record<string, unknown>[];
  text: () => string;
} {
  const written: string[] = [];
  const log = createLog(
    { LOG_LEVEL: 'info', LOG_LEVELS: {}, LOG_FILE: null, ...settings },
    { write: (line) => void written.push(line) },
  );
  return {
    log,
    lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>),
    text: () => written.join(''),
  };
}

describe('the log', () => {
  it('gives each component its own level', () => {
    const { log, lines } = capture({ LOG_LEVELS: { collect: 'debug', sql: 'error' } });
    log.component('collect').debug('fetched');
    log.component('sql').warn('slow query');
    log.component('other').debug('unheard');
    log.root.info('started');
    expect(lines()).toMatchObject([
      { component: 'collect', level: 'debug', msg: 'fetched' },
      { level: 'info', msg: 'started' },
    ]);
  });

  it('writes no secret: not from a field, an error, nor the message', () => {
    const { log, text, lines } = capture();
    const error = Object.assign(new Error('GET /?key=CANARY'), {
      config: { headers: { authorization: 'Bearer CANARY' } },
    });
    log.root.error({ err: error, nested: { token: 'CANARY' } }, 'Bearer CANARY-0001 was refused');
    log.root.child({ url: 'postgres://u:CANARY@h/d' }).warn('bound beforehand');
    expect(text()).not.toContain('CANARY');
    expect(lines()[0]).toMatchObject({ err: { type: 'Error' }, nested: { token: '[redacted]' } });
    expect(lines()[0]!['err']).toHaveProperty('stack');
  });

  it('goes to a file too, when told', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'log-')), 'deep', 'analytics.log');
    const { log, text } = capture({ LOG_FILE: path });
    log.root.info('twice told');
    log.flush();
    expect(readFileSync(path, 'utf8')).toBe(text());
  });

  it('carries the workflow, run and attempt of what Temporal tells', () => {
    const { log, lines } = capture({ LOG_LEVELS: { core: 'error' } });
    const bridge = bridgeTemporalLog(log);
    bridge.info('collected', {
      sdkComponent: 'activity',
      workflowExecution: { workflowId: 'collect/youtube/main/2026-01-05', runId: 'r-1' },
      activityType: 'collectCounters',
      attempt: 3,
      rows: 7,
    });
    bridge.log('ERROR', 'failed', { error: new Error('Bearer CANARY-0001') });
    bridge.warn('heard of nobody', { sdkComponent: 'core' });
    expect(lines()).toMatchObject([
      {
        component: 'activity',
        workflowId: 'collect/youtube/main/2026-01-05',
        runId: 'r-1',
        activityType: 'collectCounters',
        attempt: 3,
        rows: 7,
        msg: 'collected',
      },
      { component: 'worker', level: 'error', err: { message: 'Bearer [redacted]' } },
    ]);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { DeterminismViolationError } from '@temporalio/workflow';
import { bundleWorkflowCode, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { payloadCapBytes } from '../../contracts/payload-cap.js';
import { workflowNames } from '../../contracts/runs.js';
import { sandboxCredentials } from '../../sandbox/credentials.js';
import { testBundle } from '../workflows/pipeline.js';
import { historyFromJson } from './history-json.js';
import { payloadSizes, textsOf } from './traces.js';

const directory = fileURLToPath(new URL('./histories', import.meta.url));
const files = readdirSync(directory).filter((name) => name.endsWith('.json'));

interface Recorded {
  workflowId: string;
  history: unknown;
}

function read(file: string): Recorded {
  return JSON.parse(readFileSync(path.join(directory, file), 'utf8')) as Recorded;
}

async function replay(file: string, workflowBundle: WorkflowBundleOption): Promise<void> {
  const { workflowId, history } = read(file);
  await Worker.runReplayHistory({ workflowBundle }, historyFromJson(history), workflowId);
}

describe('recorded histories', () => {
  it('cover every workflow', () => {
    const recorded = new Set(files.map((name) => name.split('.')[0]));
    expect([...recorded].sort()).toEqual(Object.values(workflowNames).sort());
  });

  it.each(files)('replays %s', async (file) => {
    await replay(file, await testBundle());
  });

  it('does not replay into a workflow whose steps were swapped', async () => {
    const { code } = await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('./broken/index.ts', import.meta.url)),
    });
    await expect(replay('maintainData.before-exports.json', { code })).rejects.toThrow(
      DeterminismViolationError,
    );
  });

  it.each(files)('holds no secret, no path and no large payload: %s', (file) => {
    const { history } = read(file);
    const { google, spotifyExtended } = sandboxCredentials;
    const secrets = [google.apiKey, google.clientSecret, google.refreshToken, spotifyExtended.clientSecret];
    for (const text of textsOf(history)) {
      for (const secret of [...secrets, hostname()]) expect(text).not.toContain(secret);
      expect(text).not.toMatch(/(^|[\s"'(:])\/(home|root|tmp|usr|var|work|Users)\//);
    }
    expect(Math.max(0, ...payloadSizes(history))).toBeLessThanOrEqual(payloadCapBytes);
  });
});

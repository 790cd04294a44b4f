import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  AlreadyRunningError,
  environmentOfWorld,
  findWorlds,
  lockStateDirectory,
  readHolder,
  readState,
  removeState,
  stateDirectoryOf,
  writeState,
  type WorldState,
} from '../../../runtime/state.js';

const state: WorldState = {
  version: 1,
  world: 'generated',
  startedAt: '2026-01-05T17:00:00.000Z',
  supervisorPid: 4,
  postgres: { pid: 5, port: 54_321, database: 'tidemark' },
  temporal: { pid: 6, address: '127.0.0.1:7234', namespace: 'default', uiUrl: 'http://127.0.0.1:8234' },
  children: { worker: 7 },
  settings: { TIDEMARK_CLOCK: '2026-01-05T17:00:00Z' },
};

describe('a state directory', () => {
  let base: string;
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'state-'));
  });

  it('is one for each world', () => {
    expect(stateDirectoryOf(base, null)).toBe(base);
    const recorded = stateDirectoryOf(base, '/somewhere/shared/data');
    expect(recorded).toMatch(/\/data-[0-9a-f]{8}$/);
    expect(stateDirectoryOf(base, '/elsewhere/shared/data')).not.toBe(recorded);
  });

  it('gives back what was written, to its owner alone, and its addresses as an environment', async () => {
    await writeState(base, state);
    writeFileSync(join(base, 'postgres.password'), 'secret-word\n');
    expect(await readState(base)).toEqual(state);
    expect(statSync(join(base, 'state.json')).mode & 0o777).toBe(0o600);
    const [world] = await findWorlds(base);
    expect(world).toMatchObject({ directory: base, supervisorPid: null });
    expect(await environmentOfWorld(world!)).toEqual({
      TIDEMARK_CLOCK: '2026-01-05T17:00:00Z',
      EXPORT_DIRECTORY: join(base, 'exports-out'),
      DATABASE_URL: 'postgres://postgres:secret-word@127.0.0.1:54321/tidemark',
      TEMPORAL_ADDRESS: '127.0.0.1:7234',
      TEMPORAL_NAMESPACE: 'default',
      TEMPORAL_UI_URL: 'http://127.0.0.1:8234',
    });
    await removeState(base);
    expect(await findWorlds(base)).toEqual([]);
  });

  it('finds the world of recordings beside the generated one, and takes no nonsense for a state', async () => {
    const recorded = stateDirectoryOf(base, '/somewhere/shared/data');
    await (
      await lockStateDirectory(recorded)
    )();
    await writeState(recorded, { ...state, world: '/somewhere/shared/data' });
    writeFileSync(join(base, 'state.json'), '{"version": 2}');
    expect((await findWorlds(base)).map(({ directory }) => directory)).toEqual([recorded]);
  });

  it('has one supervisor at a time, and outlives a dead one', async () => {
    const unlock = await lockStateDirectory(base);
    expect(readHolder(base)).toBe(process.pid);
    await expect(lockStateDirectory(base)).rejects.toThrow(AlreadyRunningError);
    await unlock();
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    writeFileSync(join(base, 'supervisor.lock'), JSON.stringify({ pid: dead, command: 'node' }));
    await (
      await lockStateDirectory(base)
    )();
    // The id lives, but it is another program's by now.
    writeFileSync(
      join(base, 'supervisor.lock'),
      JSON.stringify({ pid: process.pid, command: 'something else' }),
    );
    const again = await lockStateDirectory(base);
    await again();
    expect(readHolder(base)).toBeNull();
  });
});

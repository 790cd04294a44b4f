import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InterruptedError, Supervisor, type Service } from '../../../runtime/supervisor.js';

describe('the supervisor', () => {
  let events: string[];
  let supervisor: Supervisor;
  const service = (name: string, more: Partial<Service> = {}): Promise<Service> =>
    Promise.resolve({
      stop: () => {
        events.push(`${name} stopped`);
        return Promise.resolve();
      },
      ...more,
    });

  beforeEach(() => {
    events = [];
    supervisor = new Supervisor((line) => events.push(line));
  });
  afterEach(async () => {
    await supervisor.stop().catch(() => undefined);
  });

  it('stops the last started first, once, and gives the signals back', async () => {
    const before = process.listenerCount('SIGINT');
    for (const name of ['Postgres', 'Temporal', 'worker']) await supervisor.start(name, () => service(name));
    await Promise.all([supervisor.stop(), supervisor.stop()]);
    expect(events.filter((event) => event.endsWith('stopped'))).toEqual([
      'worker stopped',
      'Temporal stopped',
      'Postgres stopped',
    ]);
    expect(await supervisor.untilStopped()).toEqual({ kind: 'asked' });
    expect(process.listenerCount('SIGINT')).toBe(before - 1);
  });

  it('ends waiting at a signal, and starts nothing more', async () => {
    await supervisor.start('Postgres', () => service('Postgres'));
    process.emit('SIGINT', 'SIGINT');
    expect(await supervisor.untilStopped()).toEqual({ kind: 'signal', signal: 'SIGINT' });
    await expect(supervisor.start('Temporal', () => service('Temporal'))).rejects.toThrow(InterruptedError);
    await supervisor.stop();
    expect(events).not.toContain('Temporal stopped');
  });

  it('stops a service whose start a signal cut short', async () => {
    const starting = supervisor.start('Temporal', async () => {
      process.emit('SIGTERM', 'SIGTERM');
      return service('Temporal');
    });
    await expect(starting).rejects.toThrow(InterruptedError);
    await supervisor.stop();
    expect(events).toContain('Temporal stopped');
  });

  it('waits for what still starts when something beside it failed, and stops it too', async () => {
    let arrive = (): void => undefined;
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const slow = supervisor.start('Temporal', async () => {
      await arrived;
      return service('Temporal');
    });
    await expect(
      Promise.all([slow, supervisor.start('Postgres', () => Promise.reject(new Error('no disk')))]),
    ).rejects.toThrow('no disk');
    const stopping = supervisor.stop();
    arrive();
    await stopping;
    expect(events).toContain('Temporal stopped');
  });

  it('says which service ended by itself', async () => {
    await supervisor.start('Postgres', () =>
      service('Postgres', { ended: Promise.resolve('signal SIGKILL') }),
    );
    expect(await supervisor.untilStopped()).toEqual({
      kind: 'ended',
      service: 'Postgres',
      how: 'signal SIGKILL',
    });
  });

  it('takes two signals at once for one wish, and a later one as haste', async () => {
    let hurried = 0;
    let release = (): void => undefined;
    await supervisor.start('worker', () =>
      service('worker', {
        hurry: () => {
          hurried += 1;
          release();
        },
        stop: () =>
          new Promise((resolve) => {
            release = resolve;
          }),
      }),
    );
    process.emit('SIGINT', 'SIGINT');
    process.emit('SIGINT', 'SIGINT');
    const stopping = supervisor.stop();
    await pause(1_050);
    expect(hurried).toBe(0);
    process.emit('SIGINT', 'SIGINT');
    await stopping;
    expect(hurried).toBe(1);
  });

  it('stops the others when one cannot be stopped, and tells of it', async () => {
    await supervisor.start('Postgres', () => service('Postgres'));
    await supervisor.start('Temporal', () =>
      service('Temporal', { stop: () => Promise.reject(new Error('it hangs')) }),
    );
    await expect(supervisor.stop()).rejects.toThrow(AggregateError);
    expect(events).toContain('Postgres stopped');
  });
});

import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { choosePort, isPortFree } from '../../../runtime/ports.js';

describe('the choice of a port', () => {
  const open: Server[] = [];
  const listen = (port: number, host?: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const server = createServer();
      open.push(server);
      server.once('error', reject);
      server.listen(port, host, () => resolve((server.address() as { port: number }).port));
    });
  afterEach(() => {
    for (const server of open.splice(0)) server.close();
  });

  it('keeps to the preferred one while it is free, and says nothing', async () => {
    const port = await listen(0, '127.0.0.1');
    open.pop()!.close();
    const said: string[] = [];
    expect(await choosePort(port, 'Postgres', (line) => said.push(line))).toBe(port);
    expect(said).toEqual([]);
  });

  it.each(['127.0.0.1', '0.0.0.0'])('steps around one that is taken on %s, and says so', async (host) => {
    const port = await listen(0, host);
    const said: string[] = [];
    const chosen = await choosePort(port, 'Postgres', (line) => said.push(line));
    expect(chosen).toBeGreaterThan(port);
    expect(await isPortFree(chosen)).toBe(true);
    expect(said).toEqual([`Port ${port} is taken; Postgres uses ${chosen}.`]);
  });

  it('steps around those that it is told of', async () => {
    const port = await listen(0, '127.0.0.1');
    open.pop()!.close();
    const chosen = await choosePort(port, 'Temporal', () => undefined, new Set([port]));
    expect(chosen).toBeGreaterThan(port);
  });
});

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ServerStartError } from '../../../runtime/errors.js';
import { cacheDirectory, findTemporalBinary } from '../../../runtime/temporal-binary.js';

const versionLine = 'temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)';

function program(path: string, body: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}

describe('the search for the Temporal server', () => {
  let home: string;
  let bin: string;
  let environment: NodeJS.ProcessEnv;
  let site: Server;
  let siteUrl: string;
  let answer: (respond: (status: number, body?: Buffer, length?: number) => void) => void;
  let requested: string[];
  const said: string[] = [];
  const announce = (line: string): void => void said.push(line);

  beforeAll(async () => {
    site = createServer((request, response) => {
      requested.push(request.url ?? '');
      answer((status, body = Buffer.alloc(0), length = body.length) => {
        response.writeHead(status, { 'content-length': length });
        response.end(body);
      });
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    site.closeAllConnections();
    site.close();
  });
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'finder-'));
    bin = join(home, 'bin');
    environment = { PATH: bin, HOME: home };
    requested = [];
    said.length = 0;
    answer = (respond) => respond(503);
  });

  const find = (): ReturnType<typeof findTemporalBinary> =>
    findTemporalBinary({ environment, announce, downloadSite: siteUrl, downloadTimeoutMs: 2_000 });
  const cached = (): string => join(cacheDirectory(environment), 'temporal');
  const archive = (): Buffer => {
    const folder = join(home, 'packed');
    program(join(folder, 'temporal'), `echo "${versionLine}"`);
    execFileSync('tar', ['-czf', join(home, 'a.tar.gz'), '-C', folder, 'temporal']);
    return readFileSync(join(home, 'a.tar.gz'));
  };
  const goThatBuilds = (): void => {
    // The environment has no other program on its PATH, so the shell does it alone.
    program(
      join(bin, 'go'),
      `test "$1 $2" = "install github.com/temporalio/cli/cmd/temporal@v1.5.1" || exit 9
printf '#!/bin/sh\\necho "${versionLine}"\\n' > "$GOBIN/temporal"`,
    );
  };

  it('takes the one on the PATH before the cached one', async () => {
    program(join(bin, 'temporal'), `echo "${versionLine}"`);
    program(cached(), `echo "${versionLine}"`);
    expect(await find()).toEqual({ path: join(bin, 'temporal'), found: 'path' });
  });

  it('passes over one on the PATH that is none, and takes the cached one without asking the network', async () => {
    program(join(bin, 'temporal'), 'echo "some other tool"');
    program(cached(), `echo "${versionLine}"`);
    expect(await find()).toEqual({ path: cached(), found: 'cache' });
    expect(said.join()).toContain('is passed over');
    expect(requested).toEqual([]);
  });

  it('downloads before it builds, into the cache and with progress', async () => {
    goThatBuilds();
    answer = (respond) => respond(200, archive());
    expect(await find()).toEqual({ path: cached(), found: 'download' });
    expect(requested).toEqual([expect.stringMatching(/^\/cli\/archive\/v1\.5\.1\?platform=\w+&arch=\w+$/)]);
    expect(said.join('\n')).toMatch(/Downloading .*\n.*100 %/);
    expect(await find()).toMatchObject({ found: 'cache' });
  });

  it('builds when the download answers nothing in time, a part, or something else', async () => {
    for (const silly of [
      (): void => undefined,
      (respond: (status: number, body?: Buffer, length?: number) => void) =>
        respond(200, Buffer.from('<html>')),
      (respond: (status: number, body?: Buffer, length?: number) => void) => respond(404),
    ]) {
      environment = { ...environment, XDG_CACHE_HOME: mkdtempSync(join(home, 'cache-')) };
      goThatBuilds();
      answer = silly;
      expect(await find()).toEqual({ path: cached(), found: 'build' });
      expect(readdirSync(cacheDirectory(environment))).toEqual(['temporal']);
    }
  });

  it('replaces a cached program that does not run', async () => {
    program(cached(), 'exit 1');
    goThatBuilds();
    expect(await find()).toEqual({ path: cached(), found: 'build' });
  });

  it('is safe for two at once', async () => {
    goThatBuilds();
    const both = await Promise.all([find(), find()]);
    expect(both.map(({ path }) => path)).toEqual([cached(), cached()]);
    expect(readdirSync(cacheDirectory(environment))).toEqual(['temporal']);
  });

  it('says what was tried and what to do when nothing works', async () => {
    program(join(bin, 'go'), 'echo "go: no network" >&2; exit 1');
    const failure = await find().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ServerStartError);
    const { message, mend } = failure as ServerStartError;
    expect(message).toContain('answered 503');
    expect(message).toContain('go: no network');
    expect(mend).toContain('TEMPORAL_ADDRESS');
    expect(existsSync(cached())).toBe(false);
  });
});

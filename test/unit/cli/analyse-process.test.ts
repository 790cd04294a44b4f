/** `tidemark analyse` as a shell runs it. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../../bin/tidemark.js', import.meta.url));
const line = `${JSON.stringify({ id: 'a', values: Array.from({ length: 60 }, (_, i) => i % 9) })}\n`;

function start(...args: string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [program, 'analyse', ...args], { cwd: path.dirname(path.dirname(program)) });
}

function ended(child: ChildProcessWithoutNullStreams): Promise<{ exitCode: number | null; stderr: string }> {
  let stderr = '';
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stderr }));
  });
}

describe('tidemark analyse', () => {
  it('answers each line before the next one comes', async () => {
    const child = start('change-points');
    const end = ended(child);
    const answer = new Promise<string>((resolve) => {
      child.stdout.once('data', (data: Buffer) => resolve(data.toString()));
    });
    child.stdin.write(line);
    expect(JSON.parse(await answer)).toMatchObject({ id: 'a', n: 60 });
    child.stdin.end();
    expect(await end).toEqual({ exitCode: 0, stderr: '' });
  });

  it('ends quietly when whoever reads has read enough', async () => {
    const child = start('trend');
    const end = ended(child);
    // What is written to a program that has gone is refused; that is the point here.
    child.stdin.on('error', () => undefined);
    child.stdout.once('data', () => child.stdout.destroy());
    child.stdin.write(line);
    const more = setInterval(() => child.stdin.write(line), 5);
    const { exitCode, stderr } = await end;
    clearInterval(more);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it('ends with 4 when a line is rejected and with 2 when an option is', async () => {
    const child = start('anomalies', '--threshold', '4');
    const end = ended(child);
    child.stdout.resume();
    child.stdin.end(`${line}{"values": "none"}\n`);
    expect(await end).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('Line 2') as string });
    const refused = start('anomalies', '--mode', 'psychic');
    expect(await ended(refused)).toMatchObject({ exitCode: 2 });
  });
});

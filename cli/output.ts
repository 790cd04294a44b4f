import type { Writable } from 'node:stream';

export interface OutputOptions {
  json: boolean;
  quiet: boolean;
  color: boolean;
  stdout?: Writable;
  stderr?: Writable;
}

export type Cell = string | number | boolean | null | undefined;

/** Data goes to stdout, everything else to stderr, so that a pipe only ever carries data. */
export class Output {
  readonly json: boolean;
  readonly #quiet: boolean;
  readonly #color: boolean;
  readonly #stdout: Writable;
  readonly #stderr: Writable;

  constructor(options: OutputOptions) {
    this.json = options.json;
    this.#quiet = options.quiet;
    this.#color = options.color;
    this.#stdout = options.stdout ?? process.stdout;
    this.#stderr = options.stderr ?? process.stderr;
  }

  /** One document: JSON under `--json`, the rendered text otherwise. */
  data(value: unknown, render: () => string): void {
    this.#stdout.write(this.json ? `${JSON.stringify(value)}\n` : `${render()}\n`);
  }

  progress(text: string): void {
    if (!this.#quiet) this.#stderr.write(`${text}\n`);
  }

  error(text: string, mend?: string): void {
    this.#stderr.write(`${this.#paint('31', 'error:')} ${text}\n`);
    if (mend !== undefined) this.#stderr.write(`${this.#paint('36', 'mend:')}  ${mend}\n`);
  }

  heading(text: string): string {
    return this.#paint('1', text);
  }

  #paint(code: string, text: string): string {
    return this.#color ? `\u001b[${code}m${text}\u001b[0m` : text;
  }
}

/** Columns aligned by their widest cell; numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const texts = rows.map((row) =>
    row.map((cell) => (cell === null || cell === undefined ? '–' : String(cell))),
  );
  const widths = header.map((name, column) =>
    Math.max(name.length, ...texts.map((row) => row[column]?.length ?? 0)),
  );
  const toTheRight = header.map(
    (_, column) =>
      rows.length > 0 && rows.every((row) => typeof row[column] === 'number' || row[column] == null),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        toTheRight[column] === true ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd();
  return [line(header), line(widths.map((width) => '─'.repeat(width))), ...texts.map(line)].join('\n');
}

/** Whether standard error is a terminal that wants colours (NO_COLOR says it does not). */
export function colorful(): boolean {
  return process.env['NO_COLOR'] === undefined && process.stderr.isTTY;
}

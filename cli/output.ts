import type { Writable } from 'node:stream';

export interface OutputOptions {
  json: boolean;
  quiet: boolean;
  stdout?: Writable;
  stderr?: Writable;
}

export type Cell = string | number | boolean | null | undefined;

/** Data goes to stdout, everything else to stderr, so that a pipe only ever carries data. */
export class Output {
  readonly json: boolean;
  readonly #quiet: boolean;
  readonly #stdout: Writable;
  readonly #stderr: Writable;

  constructor(options: OutputOptions) {
    this.json = options.json;
    this.#quiet = options.quiet;
    this.#stdout = options.stdout ?? process.stdout;
    this.#stderr = options.stderr ?? process.stderr;
  }

  /** One document: JSON under `--json`, the rendered text otherwise. Call it once a command. */
  data(value: unknown, render: () => string): void {
    this.#stdout.write(this.json ? `${JSON.stringify(value)}\n` : `${render()}\n`);
  }

  progress(text: string): void {
    if (!this.#quiet) this.#stderr.write(`${text}\n`);
  }

  /** Text also under `--json`: whoever reads standard output for a document finds none there. */
  error(text: string, mend?: string): void {
    this.#stderr.write(`${painted('31', 'error:', this.#stderr)} ${text}\n`);
    if (mend !== undefined) this.#stderr.write(`${painted('36', 'mend:', this.#stderr)}  ${mend}\n`);
  }

  /** A heading inside of data. */
  heading(text: string): string {
    return painted('1', text, this.#stdout);
  }
}

/** Colours are for a terminal that wants them: NO_COLOR, set to anything, says that it does not. */
function painted(code: string, text: string, stream: Writable): string {
  const wanted = (process.env['NO_COLOR'] ?? '') === '' && 'isTTY' in stream && stream.isTTY === true;
  return wanted ? `\u001b[${code}m${text}\u001b[0m` : text;
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

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { addAnalyseCommands } from '../../../cli/commands/analyse.js';
import { rootCommand } from '../../../cli/root-command.js';
import {
  lineAnalysis,
  answerLine,
  type LineAnalysisKind,
} from '../../../services/series-lines/series-lines.js';

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
const examples = [...readme.matchAll(/^echo '(\{.*\})' \| npx tidemark analyse (\S+)(.*)$/gm)].map(
  ([, line, kind, options]) => ({ line: line!, kind: kind as LineAnalysisKind, options: options! }),
);

describe('the README’s examples of analyse', () => {
  it('are one of each', () => {
    expect(examples.map(({ kind }) => kind)).toEqual(['forecast', 'trend', 'change-points', 'anomalies']);
  });

  it.each(examples)('answer with what the README says: $kind', ({ line, kind, options }) => {
    const mode = /--mode (\w+)/.exec(options)?.[1];
    const analysis = lineAnalysis(kind, mode === 'robust' ? { mode } : {});
    const { json, error } = answerLine(line, { analysis, lineNumber: 1, cpuMs: () => 0 });
    expect(error).toBeNull();
    const answer = JSON.parse(json) as Record<string, unknown>;
    const row = readme.split('\n').find((text) => text.startsWith(`| \`${kind}\``))!;
    const [, , reads, answers] = row.split('|');
    const named = (cell: string): string[] => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name!);
    expect(named(answers!).filter((field) => answer[field] === undefined)).toEqual([]);
    const always = ['id', 'method', 'version', 'parameters', 'n', 'ms'];
    expect(always.filter((field) => answer[field] === undefined)).toEqual([]);
    const told = Object.keys(JSON.parse(line) as object).filter((field) => field !== 'id');
    expect(told.filter((field) => !named(reads!).includes(field))).toEqual([]);
  });

  it('name every option that there is', () => {
    const root = rootCommand();
    addAnalyseCommands(root, () => undefined);
    const [analyse] = root.commands;
    const options = analyse!.commands.flatMap((kind) => kind.options.map(({ long }) => long!));
    expect(options.filter((option) => !readme.includes(`\`${option}\``))).toEqual([]);
    expect(new Set(options).size).toBeGreaterThan(3);
  });
});

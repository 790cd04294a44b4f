import type { Command } from 'commander';
import type { Settle } from './settle.js';
export function addBackfillCommands(_program: Command, _settle?: Settle): void {
  return;
}

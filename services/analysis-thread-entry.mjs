/**
 * Entry of an analysis thread. A thread does not take over its parent's loader, and a `.ts` entry fails on
 * Node 20: run from source, this file registers tsx for itself first.
 */
import { existsSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';

if (parentPort === null) throw new Error('An analysis thread is started by analysis-threads, not by itself.');
const port = parentPort;
if (!existsSync(new URL('./analysis-tasks.js', import.meta.url))) {
  const { register } = await import('tsx/esm/api');
  register();
}
const { runAnalysisTask } = await import('./analysis-tasks.js');

function outcomeOf(task) {
  try {
    return { result: runAnalysisTask(task) };
  } catch (error) {
    return { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

port.on('message', (tasks) => port.postMessage(tasks.map(outcomeOf)));

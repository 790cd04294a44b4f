/**
 * Histories to JSON and back. The SDK's own conversion throws where npm installs protobufjs more than once;
 * the message class itself does the same.
 */
import { createRequire } from 'node:module';
import type { History } from '@temporalio/worker';

interface HistoryMessage {
  toObject(message: unknown, options: Record<string, unknown>): Record<string, unknown>;
  fromObject(json: unknown): History;
}

const require = createRequire(createRequire(import.meta.url).resolve('@temporalio/client'));
const { temporal } = require('@temporalio/proto') as {
  temporal: { api: { history: { v1: { History: HistoryMessage } } } };
};
const message = temporal.api.history.v1.History;

/** Enums by name, 64-bit numbers and bytes as text. */
export function historyToJson(history: unknown): Record<string, unknown> {
  return message.toObject(history, { longs: String, enums: String, bytes: String });
}

export function historyFromJson(json: unknown): History {
  return message.fromObject(json);
}

/** Hearing of every write to the database, by whatever process, on a connection of its own. */
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';

/** What the database's triggers notify; migration 0020. */
const channel = 'tidemark_changed';

export interface ChangeSubscriber {
  /** A transaction that wrote has committed. */
  changed(): void;
  /** Writes are heard of from here on; earlier ones may have been missed. */
  heard(): void;
  /** Writes are not heard of until `heard` is called. */
  deaf(): void;
}

export interface ChangeListener {
  /** Tells at once how it stands; returns what ends it. */
  subscribe(subscriber: ChangeSubscriber): () => void;
  close(): Promise<void>;
}

export interface ChangeListenerOptions {
  /** Its user needs no rights on any table; a pooler in between must pool by session. */
  databaseUrl: string;
  logger: Logger;
  /** The pause before the second attempt at a connection, doubled up to `mostPauseMs`; 250 and 30,000 unless told. */
  firstPauseMs?: number;
  mostPauseMs?: number;
  /** How often a silent connection is asked whether it lives; 15,000 unless told. */
  pingMs?: number;
}

/** Listens until it is closed; a connection that is lost is made anew, with growing pauses. */
export function listenForChanges(options: ChangeListenerOptions): ChangeListener {
  const { logger, firstPauseMs = 250, mostPauseMs = 30_000 } = options;
  const subscribers = new Set<ChangeSubscriber>();
  const closing = new AbortController();
  const closed = (): boolean => closing.signal.aborted;
  let hearing = false;
  const tell = (word: keyof ChangeSubscriber): void => {
    if (word !== 'changed') hearing = word === 'heard';
    for (const subscriber of subscribers) subscriber[word]();
  };
  const listen = async (): Promise<void> => {
    let pauseMs = firstPauseMs;
    while (!closed()) {
      try {
        await untilLost(options, closing.signal, tell, () => {
          pauseMs = firstPauseMs;
        });
      } catch (err) {
        if (closed()) break;
        logger.warn({ err, pauseMs }, 'changes of the database are not heard of');
      }
      if (hearing) tell('deaf');
      await pause(pauseMs, undefined, { signal: closing.signal, ref: false }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, mostPauseMs);
    }
  };
  const done = listen();
  return {
    subscribe(subscriber) {
      subscribers.add(subscriber);
      if (hearing) subscriber.heard();
      else subscriber.deaf();
      return () => subscribers.delete(subscriber);
    },
    async close() {
      closing.abort();
      await done;
    },
  };
}

/** One connection's life. @throws why it ended, unless it was closed */
async function untilLost(
  { databaseUrl, pingMs = 15_000 }: ChangeListenerOptions,
  signal: AbortSignal,
  tell: (word: keyof ChangeSubscriber) => void,
  connected: () => void,
): Promise<void> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'tidemark changes',
    connectionTimeoutMillis: 15_000,
    // Half of what a ping may take before the connection counts as dead.
    query_timeout: pingMs / 2,
    keepAlive: true,
  });
  const life = new AbortController();
  const lose = (error: Error): void => life.abort(error);
  client.on('error', lose);
  client.on('end', () => lose(new Error('The server closed the connection')));
  client.on('notification', () => tell('changed'));
  try {
    await client.connect();
    await client.query(`listen ${channel}`);
    connected();
    tell('heard');
    const waking = AbortSignal.any([signal, life.signal]);
    // A connection that a router forgot stays silent for good: only an answer shows that it lives.
    while (!signal.aborted) {
      await pause(pingMs, undefined, { signal: waking, ref: false }).catch(() => undefined);
      life.signal.throwIfAborted();
      await client.query('select 1');
    }
  } finally {
    await client.end().catch(() => undefined);
  }
}

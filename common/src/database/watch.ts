import { setTimeout as sleep } from 'node:timers/promises';
import { isReadOnly, NotWritable, type Query } from 'many-to-many/copy';
import type { Logger } from '../runtime/logger.ts';
import type { Times } from '../times.ts';
import { checkSession } from './checkSession.ts';
import { connectClient } from './client.ts';
import type { DatabaseSettings } from './settings.ts';

interface WatchOptions {
  times: Times;
  log: Logger;
  /** Called when the server turns out to be read-only: its connections must not be used any more. */
  onReadOnly: () => void;
  /** Called each time when a connection was made that can write. */
  onUsable: () => void;
}

/** Watches whether the database can be connected to and is writable. */
export class DatabaseWatch {
  readonly #settings: DatabaseSettings;
  readonly #options: WatchOptions;
  readonly #timer: NodeJS.Timeout;
  #looking: Promise<void> | undefined;
  /** What the last look found wrong. */
  #error: Error | undefined = new Error('not connected yet');
  #logged: string | undefined;
  /** How long the last look took that found the database usable. */
  #lookMs = 0;
  #lookedAt = 0;

  constructor(settings: DatabaseSettings, options: WatchOptions) {
    this.#settings = settings;
    this.#options = options;
    const look = () => void this.#look().catch(() => undefined);
    look();
    this.#timer = setInterval(look, options.times.watchEveryMs);
  }

  /**
   * Checks that the database is usable, within `waitMs`. Of one that is further away it says what the last look found.
   * @throws what is wrong
   */
  async check(): Promise<void> {
    const { waitMs } = this.#options.times;
    const late = Symbol('late');
    const outcome = await Promise.race([this.#look(), sleep(waitMs, late, { ref: false })]);
    if (outcome !== late) return;
    const patience = Math.max(waitMs, 2 * this.#lookMs);
    if (performance.now() - this.#lookedAt > patience)
      throw new Error(`no connection within ${Math.round(patience)} ms (connect)`);
    if (this.#error) throw this.#error;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Wraps a query function: a statement that was refused because it cannot write is a reason to look. */
  watched(query: Query): Query {
    return async (statement) => {
      try {
        return await query(statement);
      } catch (error) {
        if (isReadOnly(error)) this.#report(error as Error);
        throw error;
      }
    };
  }

  /** Looks with a connection of its own, since a busy pool is no reason to take the service out of use. */
  #look(): Promise<void> {
    this.#looking ??= this.#connect().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #connect(): Promise<void> {
    const started = performance.now();
    this.#lookedAt = started;
    try {
      await connectOnce(this.#settings, this.#options.times);
      this.#lookMs = performance.now() - started;
      this.#report(undefined);
    } catch (error) {
      this.#report(error as Error);
      throw error;
    }
  }

  #report(error: Error | undefined): void {
    const { log, onReadOnly, onUsable } = this.#options;
    this.#error = error;
    if (error instanceof NotWritable || isReadOnly(error)) onReadOnly();
    if (!error) onUsable();
    // once for each reason: it is looked at every few seconds
    const message = error?.message ?? '';
    if (message === this.#logged) return;
    this.#logged = message;
    if (error) log.warn({ err: error }, 'the database cannot be used');
    else log.info('the database can be used');
  }
}

async function connectOnce(settings: DatabaseSettings, times: Times): Promise<void> {
  const client = await connectClient({
    ...settings,
    application_name: 'readiness',
    connectionTimeoutMillis: times.connectMs,
    query_timeout: times.statementMs,
  });
  try {
    await checkSession(client, settings);
  } finally {
    // not awaited: a server that hangs would not answer this either
    client.end().catch(() => undefined);
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { isReadOnly, NotWritable, type Query } from 'many-to-many/copy';
import type { Logger } from '../runtime/logger.ts';
import type { Times } from '../times.ts';
import { checkSession } from './checkSession.ts';
import { connectClient } from './client.ts';
import type { DatabaseSettings } from './settings.ts';
import { gotNoAnswer } from './timeouts.ts';

interface WatchOptions {
  times: Times;
  log: Logger;
  /**
   * Called when the present connections must not be used any more: the server is read-only, or it is another one than
   * before, or statements get no answer.
   */
  onStale: () => void;
  /** Called each time when a connection was made that can write. */
  onUsable: () => void;
}

/** Watches whether the database can be connected to and is writable. */
export class DatabaseWatch {
  readonly #settings: DatabaseSettings;
  readonly #options: WatchOptions;
  readonly #timer: NodeJS.Timeout;
  /** The last look, while it lasts. */
  #looking: Promise<void> | undefined;
  #looks = 0;
  /** The number of the look that found what is known. */
  #known = 0;
  /** When the first look began of those that have found nothing yet. */
  #lookingSince: number | undefined;
  /** What the last look found wrong. */
  #error: Error | undefined = new Error('not connected yet');
  #logged: string | undefined;
  /** How long the last look took that found the database usable. */
  #lookMs = 0;
  /** When the server started that the last look found. */
  #server: string | undefined;
  /** When a statement was last answered, or the connections were last replaced because none was. */
  #aliveAt = 0;

  constructor(settings: DatabaseSettings, options: WatchOptions) {
    this.#settings = settings;
    this.#options = options;
    // also while a look hangs: the address may have moved from the server that it hangs at
    const look = () => void this.#startLook().catch(() => undefined);
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
    if (performance.now() - (this.#lookingSince ?? Infinity) > patience)
      throw new Error(`no connection within ${Math.round(patience)} ms (connect)`);
    if (this.#error) throw this.#error;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Wraps a query function: sees when a statement is refused because it cannot write, or gets no answer. */
  watched(query: Query): Query {
    return async (statement) => {
      const sent = performance.now();
      try {
        const result = await query(statement);
        this.#aliveAt = performance.now();
        return result;
      } catch (error) {
        if (isReadOnly(error)) this.#report(error as Error);
        // not if others were answered meanwhile: then the server is slow, or this commit hangs
        if (gotNoAnswer(error) && this.#aliveAt < sent) {
          this.#aliveAt = performance.now();
          this.#options.onStale();
        }
        throw error;
      }
    };
  }

  /** Looks with a connection of its own, since a busy pool is no reason to take the service out of use. */
  #look(): Promise<void> {
    return this.#looking ?? this.#startLook();
  }

  #startLook(): Promise<void> {
    const look = this.#connect(++this.#looks).finally(() => {
      if (this.#looking === look) this.#looking = undefined;
    });
    this.#looking = look;
    return look;
  }

  async #connect(look: number): Promise<void> {
    const options = this.#options;
    const started = performance.now();
    this.#lookingSince ??= started;
    // a look that ends after a later one knows nothing new
    const isNews = () => {
      if (look < this.#known) return false;
      this.#known = look;
      this.#lookingSince = undefined;
      return true;
    };
    try {
      const server = await connectOnce(this.#settings, options.times);
      if (!isNews()) return;
      this.#lookMs = performance.now() - started;
      if (this.#server !== undefined && this.#server !== server) options.onStale();
      this.#server = server;
      this.#report(undefined);
    } catch (error) {
      if (isNews()) this.#report(error as Error);
      throw error;
    }
  }

  #report(error: Error | undefined): void {
    const { log, onStale, onUsable } = this.#options;
    this.#error = error;
    if (error instanceof NotWritable || isReadOnly(error)) onStale();
    if (!error) onUsable();
    // once for each reason: it is looked at every few seconds
    const message = error?.message ?? '';
    if (message === this.#logged) return;
    this.#logged = message;
    if (error) log.warn({ err: error }, 'the database cannot be used');
    else log.info('the database can be used');
  }
}

/** @returns when the server started, which tells it from others and from an earlier start */
async function connectOnce(settings: DatabaseSettings, times: Times): Promise<string> {
  const client = await connectClient({
    ...settings,
    application_name: 'readiness',
    connectionTimeoutMillis: times.connectMs,
    query_timeout: times.statementMs,
  });
  try {
    await checkSession(client, settings);
    const { rows } = await client.query<{ started: string }>('SELECT pg_postmaster_start_time()::text AS started');
    return rows[0]?.started ?? '';
  } finally {
    // not awaited: a server that hangs would not answer this either
    client.end().catch(() => undefined);
  }
}

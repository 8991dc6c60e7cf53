import pg from 'pg';
import type { PasswordFile } from './passwordFile.ts';
import { connectionTo, type DatabaseSettings } from './settings.ts';

/** SQLSTATE of a wrong password. */
const invalidPassword = '28P01';

export const isInvalidPassword = (error: unknown) =>
  (error as { code?: unknown } | undefined)?.code === invalidPassword;

/** Makes the class of a database's connections. */
export function clientOf({ passwordFile, pooler }: Pick<DatabaseSettings, 'passwordFile' | 'pooler'>) {
  const client = pooler ? PooledClient : ServiceClient;
  return passwordFile ? readingPassword(client, passwordFile) : client;
}

/** How long a server may take to close its end of a connection. */
const closeMs = 1_000;

/** A connection that is gone soon after it was ended, even if nothing is heard of the server any more. */
class ServiceClient extends pg.Client {
  override end(): Promise<void>;
  override end(callback: (error: Error) => void): void;
  override end(callback?: (error: Error) => void): Promise<void> | void {
    const { stream } = this.connection;
    setTimeout(() => stream.destroy(), closeMs).unref();
    return callback ? super.end(callback) : super.end();
  }
}

/** Fails on a standby. In one message with the BEGIN, so that it costs no round trip. */
const beginOnPrimary = 'BEGIN; SELECT 1 / (NOT pg_is_in_recovery())::int';

/**
 * A connection to a pooler, behind which each transaction may have another session: on a server that was the primary's
 * standby, too. So each statement is checked to be at the primary, in one transaction with it, and has no name: another
 * session did not prepare it.
 */
class PooledClient extends ServiceClient {
  override query(...parameters: unknown[]) {
    const query = super.query.bind(this) as (...parameters: unknown[]) => Promise<unknown>;
    const [statement] = parameters;
    if (typeof statement !== 'object' || !(statement && 'text' in statement)) return query(...parameters) as never;
    return inTransaction(query, () => query({ ...statement, name: undefined })) as never;
  }
}

async function inTransaction<T>(query: (text: string) => Promise<unknown>, work: () => Promise<T>): Promise<T> {
  try {
    await query(beginOnPrimary);
    const result = await work();
    await query('COMMIT');
    return result;
  } catch (error) {
    // of a connection that is lost, the server does so by itself
    await query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** Tells a password file whether PostgreSQL took what was read from it. */
function readingPassword(client: typeof pg.Client, passwordFile: PasswordFile): typeof pg.Client {
  return class extends client {
    override connect(): Promise<pg.Client>;
    override connect(callback: (error: Error) => void): void;
    override connect(callback?: (error: Error) => void): Promise<pg.Client> | void {
      const connected = super.connect().then(
        () => {
          // a function still if PostgreSQL did not ask
          if (typeof this.password === 'string') passwordFile.accepted(this.password);
          return this;
        },
        (error: unknown) => {
          if (isInvalidPassword(error) && typeof this.password === 'string') passwordFile.rejected(this.password);
          throw error;
        },
      );
      if (!callback) return connected;
      // the pool's own way to call it
      connected.then(() => (callback as () => void)(), callback);
    }
  };
}

/** Connects, a second time if the first password of a file was not the one that PostgreSQL has. */
export async function connectClient(settings: pg.ClientConfig & Pick<DatabaseSettings, 'passwordFile'>) {
  const attempt = async () => {
    const client = new (clientOf(settings))(connectionTo(settings));
    // the next query reports it; an error event without a listener would end the process
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  try {
    return await attempt();
  } catch (error) {
    if (settings.passwordFile && isInvalidPassword(error)) return attempt();
    throw error;
  }
}

/**
 * Runs `work` with a connection of its own.
 *
 * @throws what `work` throws; if the connection is lost, the next query of `work` does
 */
export async function withClient<T>(
  settings: pg.ClientConfig & Pick<DatabaseSettings, 'passwordFile'>,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await connectClient(settings);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

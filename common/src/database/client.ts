import pg from 'pg';
import { connectionTo, type DatabaseSettings } from './settings.ts';

/** SQLSTATE of a wrong password. */
const invalidPassword = '28P01';

export const isInvalidPassword = (error: unknown) =>
  (error as { code?: unknown } | undefined)?.code === invalidPassword;

/** Makes the class of a database's connections: they tell a password file whether PostgreSQL took what they read. */
export function clientOf({ passwordFile }: Pick<DatabaseSettings, 'passwordFile'>): typeof pg.Client {
  if (!passwordFile) return pg.Client;
  return class extends pg.Client {
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

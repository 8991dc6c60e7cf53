import pg from 'pg';

/**
 * Runs `work` with a connection of its own.
 *
 * @throws also where the connection is lost in between: then what `work` asks next fails
 */
export async function withClient<T>(settings: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(settings);
  // said again to whoever asks next; heard by nobody, it would end the process
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

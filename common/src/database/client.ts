import pg from 'pg';

/**
 * Runs `work` with a connection of its own.
 *
 * @throws what `work` throws; if the connection is lost, the next query of `work` does
 */
export async function withClient<T>(settings: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(settings);
  // the next query reports it; an error event without a listener would end the process
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

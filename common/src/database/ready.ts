import pg from 'pg';
import type { Times } from '../times.ts';
import type { DatabaseSettings } from './settings.ts';

/**
 * Makes a check that the database answers. It uses a connection of its own, since a busy pool is no reason to take the
 * service out of use. Concurrent checks share one connection.
 *
 * @returns a function that rejects unless the database answers, within twice `times.waitMs`
 */
export function createReadinessCheck(settings: DatabaseSettings, times: Times): () => Promise<void> {
  let current: Promise<void> | null = null;
  return () => {
    current ??= check(settings, times).finally(() => (current = null));
    return current;
  };
}

async function check(settings: DatabaseSettings, times: Times): Promise<void> {
  const client = new pg.Client({
    ...settings,
    application_name: 'readiness',
    connectionTimeoutMillis: times.waitMs,
    query_timeout: times.waitMs,
  });
  // an error also rejects the calls below
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
  } finally {
    // not awaited: a server that hangs would not answer this either
    client.end().catch(() => undefined);
  }
}

import { startTemporaryPostgres } from '@attendance/local/postgres/temporary';
import { serveSharedSystem } from './sharedSystem.ts';

const stops: (() => Promise<void>)[] = [];

/**
 * One PostgreSQL for all tests of a run: the one that POSTGRES_URL names, else an embedded one. And one system for all
 * tests that only send it requests.
 */
export async function mochaGlobalSetup(): Promise<void> {
  if (!process.env.POSTGRES_URL) {
    const postgres = await startTemporaryPostgres();
    process.env.POSTGRES_URL = postgres.url;
    stops.push(() => postgres.stop());
  }
  const shared = await serveSharedSystem();
  process.env.SHARED_SYSTEM_URL = shared.url;
  stops.push(shared.stop);
}

export async function mochaGlobalTeardown(): Promise<void> {
  for (const stop of stops.reverse()) await stop();
}

import { startTemporaryPostgres } from '@attendance/local/postgres/temporary';

let stop: (() => Promise<void>) | undefined;

/** One PostgreSQL for all tests of a run: the one that POSTGRES_URL names, else an embedded one. */
export async function mochaGlobalSetup(): Promise<void> {
  if (process.env.POSTGRES_URL) return;
  const postgres = await startTemporaryPostgres();
  process.env.POSTGRES_URL = postgres.url;
  stop = () => postgres.stop();
}

export async function mochaGlobalTeardown(): Promise<void> {
  await stop?.();
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCleaner } from '../processes/cleaner.ts';
import { freePort } from '../processes/ports.ts';
import { startPostgres, type Postgres } from '../postgres.ts';

/**
 * Starts an empty PostgreSQL for a test, on a free port and without durability. `stop` removes its data; if this process
 * is killed, the server ends and its data goes too.
 */
export async function startTemporaryPostgres(): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'attendance-test-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const start = async () =>
    startPostgres({
      dataFolder: join(folder, 'postgres'),
      port: await freePort(),
      password: 'test',
      log: join(folder, 'postgres.log'),
      unsafe: true,
    });
  // another process may have taken the port first
  const postgres = await start()
    .catch(start)
    .catch((error: unknown) => {
      remove();
      throw error;
    });

  const cleaner = startCleaner(folder, `kill -QUIT ${postgres.pid}`);
  return {
    ...postgres,
    async stop() {
      cleaner.kill('SIGKILL');
      await postgres.stop();
      remove();
    },
  };
}

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../processes/ports.ts';
import { startPostgres, type Postgres } from '../postgres.ts';

/**
 * A PostgreSQL for a test: an empty one on a free port, faster than it is durable. `stop` removes its data, and if
 * this process is killed, both go with it.
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
  // another process may have been quicker to take the port
  const postgres = await start()
    .catch(start)
    .catch((error: unknown) => {
      remove();
      throw error;
    });

  const guard = spawn('/bin/sh', ['-c', outliveAndRemove, 'sh', String(postgres.pid), folder], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  return {
    ...postgres,
    async stop() {
      guard.kill('SIGKILL');
      await postgres.stop();
      remove();
    },
  };
}

/** Nothing is ever written to its input, which ends with the process that holds the other end. */
const outliveAndRemove = 'read -r nothing; kill -QUIT "$1"; sleep 1; rm -rf "$2"';

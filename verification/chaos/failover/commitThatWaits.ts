import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '@attendance/common/database/client';
import type { DatabaseSettings } from '@attendance/common/database/settings';

const patienceMs = 30_000;

interface Commit {
  /** Whether it waits for a standby; false once it was acknowledged. */
  waits: Promise<boolean>;
  /** Resolves to whether it was acknowledged; false if the connection was lost before. */
  ended: Promise<boolean>;
}

/** Commits a transaction of its own at a server, to see whether the server acknowledges it. */
export function commitThatWaits(admin: DatabaseSettings): Commit {
  let pid = 0;
  const acknowledged = withClient(admin, async (client) => {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    pid = rows[0]!.pid;
    // writes to the log, in a transaction with an id, and changes no data
    await client.query("SELECT pg_logical_emit_message(true, 'chaos', '')");
  });
  let isOver = false;
  const ended = acknowledged.then(
    () => true,
    () => false,
  );
  void ended.then(() => (isOver = true));
  const waits = withClient(admin, async (client) => {
    const deadline = performance.now() + patienceMs;
    while (!isOver) {
      const { rows } = await client.query<{ waits: boolean }>(
        "SELECT coalesce(wait_event = 'SyncRep', false) AS waits FROM pg_stat_activity WHERE pid = $1",
        [pid],
      );
      if (rows[0]?.waits) return true;
      if (performance.now() > deadline) throw new Error('a commit neither ends nor waits for a standby');
      await sleep(10);
    }
    return false;
  });
  return { waits, ended };
}

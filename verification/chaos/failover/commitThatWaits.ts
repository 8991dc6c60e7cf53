import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '@attendance/common/database/client';
import type { DatabaseSettings } from '@attendance/common/database/settings';

const patienceMs = 30_000;

interface Commit {
  /** The process of its connection; 0 until it is connected. */
  pid: number;
  /** Resolves to whether it was acknowledged; false if the connection was lost before, or there was none. */
  ended: Promise<boolean>;
}

/** Commits a transaction of its own at a server, to see whether the server acknowledges it. */
export function commit(admin: DatabaseSettings): Commit {
  const acknowledged = withClient(admin, async (client) => {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    begun.pid = rows[0]!.pid;
    // writes to the log, in a transaction with an id, and changes no data
    await client.query("SELECT pg_logical_emit_message(true, 'chaos', '')");
  });
  const ended = acknowledged.then(
    () => true,
    () => false,
  );
  const begun = { pid: 0, ended };
  return begun;
}

/** Commits. `waits` resolves to whether that waits for a standby: false once it was acknowledged. */
export function commitThatWaits(admin: DatabaseSettings): Commit & { waits: Promise<boolean> } {
  const begun = commit(admin);
  let isOver = false;
  void begun.ended.then(() => (isOver = true));
  const waits = withClient(admin, async (client) => {
    const deadline = performance.now() + patienceMs;
    while (!isOver) {
      const { rows } = await client.query<{ waits: boolean }>(
        "SELECT coalesce(wait_event = 'SyncRep', false) AS waits FROM pg_stat_activity WHERE pid = $1",
        [begun.pid],
      );
      if (rows[0]?.waits) return true;
      if (performance.now() > deadline) throw new Error('a commit neither ends nor waits for a standby');
      await sleep(10);
    }
    return false;
  });
  return Object.assign(begun, { waits });
}

import { requireWritable, type Session } from 'many-to-many/copy';
import type { DatabaseSettings } from './settings.ts';

/**
 * Refuses a session that cannot write. Behind a pooler, which takes no parameters of a session, also one whose role has
 * no timeout: its statements could run for ever.
 *
 * @throws what is wrong
 */
export async function checkSession(session: Session, { pooler }: Pick<DatabaseSettings, 'pooler'>): Promise<void> {
  await requireWritable(session);
  if (!pooler) return;
  const { rows } = await session.query(
    "SELECT current_user AS role, current_setting('statement_timeout') AS timeout, current_setting('lock_timeout') AS lock",
  );
  const { role, timeout, lock } = rows[0] as Record<'role' | 'timeout' | 'lock', string>;
  if (timeout === '0' || lock === '0')
    throw new Error(
      `the role ${role} needs its timeouts: ALTER ROLE … SET statement_timeout = '1500ms', and lock_timeout too`,
    );
}

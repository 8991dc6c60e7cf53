/** The part of a `pg` client that is used. */
export interface Session {
  /** Runs a statement, and gives its rows. */
  query: (text: string) => Promise<{ rows: unknown[] }>;
}

/** Says that a server is a standby, or that the role's sessions are read-only there. */
export class NotWritable extends Error {
  override readonly name = 'NotWritable';
}

/**
 * Refuses a session that cannot write, as libpq does with `target_session_attrs=read-write`. A standby must not even be
 * read from: it may lack what its primary has acknowledged.
 *
 * @throws NotWritable
 */
export async function requireWritable(session: Session): Promise<void> {
  const { rows } = await session.query(
    "SELECT pg_is_in_recovery() AS is_standby, current_setting('transaction_read_only') AS read_only",
  );
  const { is_standby, read_only } = rows[0] as { is_standby: boolean; read_only: string };
  if (is_standby) throw new NotWritable('the server is a standby, or in recovery (pg_is_in_recovery)');
  if (read_only !== 'off') throw new NotWritable('sessions of this role are read-only (default_transaction_read_only)');
}

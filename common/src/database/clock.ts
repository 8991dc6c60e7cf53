import { execute, type Query } from 'many-to-many/copy';

/** Reads the database's clock; nothing while it does not answer. */
export async function readClock(query: Query): Promise<{ now_ms?: number }> {
  try {
    const text = 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now_ms';
    const [row] = await execute<{ now_ms: number }>(query, { name: 'clock', text, values: [] });
    return row ?? {};
  } catch {
    return {};
  }
}

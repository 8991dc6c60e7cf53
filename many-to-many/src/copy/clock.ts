/**
 * SQL: a common table expression `clock` with one row. Its column `ms` is the database's own time in milliseconds since
 * 1970, which a statement reads once and uses for the ages of all claims and removes.
 */
export const clock = `
  clock AS MATERIALIZED (SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS ms)`;

/**
 * Returns SQL for the smallest UUIDv7 of a time. The order of UUIDv7s is that of their times, so a statement can compare
 * ages, and use an index for that, without decoding the UUIDs.
 * @param ms SQL for the time in milliseconds since 1970
 */
export function firstIdOf(ms: string): string {
  return `(lpad(to_hex(${ms}), 12, '0') || '70008000000000000000')::uuid`;
}

/** Returns SQL, for a query that reads `clock`: whether a UUIDv7 is older than `expiry`, or more than `skew` ahead. */
export function isExpired(id: string, { expiry, skew }: { expiry: string; skew: string }): string {
  return `
    (${id} < ${firstIdOf(`clock.ms - ${expiry}`)} OR ${id} >= ${firstIdOf(`clock.ms + ${skew} + 1`)})`;
}

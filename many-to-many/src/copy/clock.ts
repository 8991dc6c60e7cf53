/**
 * SQL: a common table expression `clock` with one row, `ms`: the database's own time. A statement that judges the age
 * of a claim or of a remove reads it once.
 */
export const clock = `
  clock AS MATERIALIZED (SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS ms)`;

/**
 * SQL: the smallest UUIDv7 of a time in milliseconds, itself SQL. UUIDv7s are in the order of their times, so that
 * their ages can be compared, and looked up in an index, without taking them apart.
 */
export function firstIdOf(ms: string): string {
  return `(lpad(to_hex(${ms}), 12, '0') || '70008000000000000000')::uuid`;
}

/** SQL, beside `clock`: whether a UUIDv7 is older than `expiry`, or further in the future than `skew`. */
export function isExpired(id: string, { expiry, skew }: { expiry: string; skew: string }): string {
  return `
    (${id} < ${firstIdOf(`clock.ms - ${expiry}`)} OR ${id} >= ${firstIdOf(`clock.ms + ${skew} + 1`)})`;
}

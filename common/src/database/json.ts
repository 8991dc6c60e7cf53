/** SQL: a time as the contract writes it, RFC 3339 in UTC with milliseconds. */
export function timestampJson(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

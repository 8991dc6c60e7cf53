/** Makes SQL of a UUIDv7 that depends only on its time, in milliseconds since 1970, and on a text. Both are SQL. */
export const uuidv7Sql = (ms: string, text: string) => `(
  lpad(to_hex((${ms})::bigint), 12, '0') || '7' || substr(md5(${text}), 1, 3) || '8' || substr(md5(${text}), 4, 15)
)::uuid`;

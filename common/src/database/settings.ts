/** Where a database is, and the role to connect as. */
export interface DatabaseSettings {
  host: string;
  port: number;
  database: string;
  user: string;
  password?: string | undefined;
}

/** Makes settings for knex, whose types allow no undefined password. */
export function connectionTo({ password, ...settings }: DatabaseSettings) {
  return password === undefined ? settings : { ...settings, password };
}

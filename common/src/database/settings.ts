/** Where a database is, and as whom to connect. */
export interface DatabaseSettings {
  host: string;
  port: number;
  database: string;
  user: string;
  password?: string | undefined;
}

/** The same for knex, to whose types a password that is undefined is not one that is left out. */
export function connectionTo({ password, ...settings }: DatabaseSettings) {
  return password === undefined ? settings : { ...settings, password };
}

import type { ConnectionOptions } from 'node:tls';
import type { PasswordFile } from './passwordFile.ts';

/** Where a database is, and the role to connect as. */
export interface DatabaseSettings {
  host: string;
  port: number;
  database: string;
  user: string;
  password?: string | undefined;
  /** Instead of a password. */
  passwordFile?: PasswordFile | undefined;
  /** What node-postgres wants to know of TLS; false for none. */
  ssl?: ConnectionOptions | false | undefined;
  /** Whether a pooler is in between that may give each transaction another session, as PgBouncer does. */
  pooler?: boolean | undefined;
}

/** Makes settings of node-postgres, which asks a function for the password of each connection. */
export function connectionTo<Settings extends Pick<DatabaseSettings, 'passwordFile'>>({
  passwordFile,
  ...settings
}: Settings) {
  return { ...settings, ...(passwordFile && { password: () => passwordFile.read() }) };
}

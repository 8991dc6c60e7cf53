import { secret } from './cluster.ts';
import { attempt } from './command.ts';

/** Reads the password of one of the four roles, such as `author_service`. */
export function passwordOf(role: string): Promise<string> {
  const [database, use] = role.split('_') as [string, string];
  return secret(`${database}-database`, `${use}-password`);
}

/** Runs a statement as one of the four roles. */
export async function runAs(role: string, database: string, statement: string, password?: string) {
  const variables = [`PGPASSWORD=${password ?? (await passwordOf(role))}`];
  const args = ['--host=127.0.0.1', `--username=${role}`, `--dbname=${database}`, `--command=${statement}`];
  return attempt('kubectl', ['exec', 'postgres-0', '--', 'env', ...variables, 'psql', '--no-psqlrc', ...args]);
}

import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const names = [
  'service_token',
  'postgres',
  'author_owner',
  'author_service',
  'conference_owner',
  'conference_service',
] as const;

export type Secrets = Record<(typeof names)[number], string>;

/** Reads the secrets of a data folder, or creates them, readable by its user alone. */
export function readSecrets(dataFolder: string): Secrets {
  const path = join(dataFolder, 'secrets.json');
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as Secrets;
  const secrets = Object.fromEntries(names.map((name) => [name, randomBytes(24).toString('base64url')])) as Secrets;
  // renamed when complete: a start that is killed here must not leave half of them
  writeFileSync(`${path}.new`, `${JSON.stringify(secrets, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return secrets;
}

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
  const kept: Partial<Secrets> = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Partial<Secrets>) : {};
  if (complete(kept)) return kept;
  const secrets = Object.fromEntries(
    names.map((name) => [name, kept[name] ?? randomBytes(24).toString('base64url')]),
  ) as Secrets;
  // renamed when complete: a start that is killed here must not leave half of them
  const part = `${path}.new`;
  writeFileSync(part, `${JSON.stringify(secrets, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(part, path);
  return secrets;
}

function complete(secrets: Partial<Secrets>): secrets is Secrets {
  return names.every((name) => secrets[name]);
}

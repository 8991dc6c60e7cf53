import { readSecretFileSync } from './secretFile.ts';

/** The names that libpq, and so most of PostgreSQL's tools, know some variables by. */
const otherNames: Readonly<Record<string, string>> = {
  DATABASE_TLS: 'PGSSLMODE',
  DATABASE_TLS_CA_FILE: 'PGSSLROOTCERT',
  DATABASE_TLS_CERT_FILE: 'PGSSLCERT',
  DATABASE_TLS_KEY_FILE: 'PGSSLKEY',
};

/** A password may begin and end with spaces. */
const keptAsItIs: readonly string[] = ['DATABASE_PASSWORD'];
/** A file of Kubernetes that a secret need not have. */
const mayBeMissing: readonly string[] = ['SERVICE_TOKEN_PREVIOUS_FILE'];

interface Fault {
  name: string;
  fault: string;
}

/**
 * Reads variables as tools set them: without the space and the line end around them, from a file if `<NAME>_FILE` names
 * one, and some by libpq's name too. An empty variable counts as unset.
 *
 * @returns the values, and by which name a value was set if that is another one
 */
export function readVariables(
  variables: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): { values: Record<string, string>; names: Record<string, string>; faults: Fault[] } {
  const values: Record<string, string> = {};
  const names: Record<string, string> = {};
  const faults: Fault[] = [];
  for (const variable of variables)
    for (const name of [variable, otherNames[variable] ?? variable]) {
      const text = environment[name] ?? '';
      const value = keptAsItIs.includes(name) ? text.replace(/[\r\n]+$/, '') : text.trim();
      if (value === '' || values[variable] !== undefined) continue;
      values[variable] = value;
      if (name !== variable) names[variable] = name;
    }

  for (const variable of variables) {
    const name = `${variable}_FILE`;
    const path = variables.includes(name) ? values[name] : undefined;
    if (path === undefined) continue;
    if (values[variable] !== undefined) {
      faults.push({ name, fault: `is set, and so is ${variable}: set one of them` });
      continue;
    }
    try {
      const secret = readSecretFileSync(path);
      if (secret !== '') values[variable] = secret;
      else if (!mayBeMissing.includes(name)) faults.push({ name, fault: `is empty: ${path}` });
      names[variable] = name;
    } catch (error) {
      const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      if (!(isMissing && mayBeMissing.includes(name)))
        faults.push({ name, fault: `cannot be read: ${(error as Error).message}` });
    }
  }
  return { values, names, faults };
}

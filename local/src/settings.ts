import { resolve } from 'node:path';
import { readSsl } from '@attendance/common/runtime/config';
import type { DatabaseSettings } from '@attendance/common/database/settings';
import { isTaken } from './processes/ports.ts';

export type ServiceName = 'author' | 'conference' | 'gateway';

export interface Settings {
  /** The project folder. */
  root: string;
  /** The folder of data, logs and secrets. */
  dataFolder: string;
  ports: Record<ServiceName, number>;
  /** An existing PostgreSQL, or the port of the one to start. */
  postgres: { admin: DatabaseSettings } | { port: number };
}

/** Gives the port of a service's health and metrics. */
export const managementPort = (port: number) => port + 1_000;

/**
 * | variable | format | default |
 * | --- | --- | --- |
 * | AUTHOR_PORT, CONFERENCE_PORT, GATEWAY_PORT | port; health and metrics are 1000 above it | 8070, 8080, 8090 |
 * | POSTGRES_PORT | port of the embedded PostgreSQL | 54329 |
 * | POSTGRES_URL | postgres://user:password@host:port/database: use this server instead, 15 or later; the role may create databases and roles | none |
 * | DATABASE_TLS, DATABASE_TLS_…_FILE | TLS to that server, as in docs/configuration.md; the services read them too | disable |
 * | DATA_FOLDER | folder, relative to the project | .data |
 *
 * @throws naming every fault
 */
export function readSettings(environment = process.env): Settings {
  const root = resolve(import.meta.dirname, '../..');
  const faults: string[] = [];
  // an empty variable counts as unset
  const variable = (name: string) => environment[name] || undefined;
  const port = (name: string, otherwise: number): number => {
    const text = variable(name) ?? String(otherwise);
    const value = /^\d+$/.test(text) ? Number(text) : 0;
    if (value < 1 || value > 64_535) faults.push(`${name} must be a port from 1 to 64535 (got ${text})`);
    return value;
  };
  const url = variable('POSTGRES_URL');
  const server = url && parseUrl(url);
  // not with its value, which has a password in it
  if (url && !server)
    faults.push(
      'POSTGRES_URL must be like postgres://user:password@host:5432/postgres, with % as %25; DATABASE_TLS is for TLS',
    );
  const admin = server && { ...server, ssl: readTls(environment, faults) };
  const settings = {
    root,
    dataFolder: resolve(root, variable('DATA_FOLDER') ?? '.data'),
    ports: {
      author: port('AUTHOR_PORT', 8070),
      conference: port('CONFERENCE_PORT', 8080),
      gateway: port('GATEWAY_PORT', 8090),
    },
    postgres: admin ? { admin } : { port: port('POSTGRES_PORT', 54329) },
  };
  if (faults.length) throw new Error(faults.join('\n'));
  return settings;
}

/** @returns undefined if it is not a URL of a PostgreSQL server */
function parseUrl(text: string): DatabaseSettings | undefined {
  try {
    const { protocol, hostname, port, pathname, username, password, search } = new URL(text);
    if (!hostname || !username || search || !/^postgres(ql)?:$/.test(protocol)) return undefined;
    return {
      // an IPv6 address is in brackets in a URL only
      host: hostname.replace(/^\[(.*)\]$/, '$1'),
      port: Number(port || 5432),
      database: decodeURIComponent(pathname.slice(1)) || 'postgres',
      user: decodeURIComponent(username),
      ...(password && { password: decodeURIComponent(password) }),
    };
  } catch {
    return undefined;
  }
}

function readTls(environment: NodeJS.ProcessEnv, faults: string[]): DatabaseSettings['ssl'] {
  try {
    return readSsl(environment);
  } catch (error) {
    faults.push((error as Error).message);
    return false;
  }
}

/** @throws naming each port that is in use, and what needs it */
export async function refuseUsedPorts({ ports, postgres }: Settings): Promise<void> {
  const faults: string[] = [];
  const check = async (use: string, port: number, variable: string) => {
    if (await isTaken(port)) faults.push(`port ${port}, wanted for ${use}, is in use: ${variable} chooses another`);
  };
  const services = Object.entries(ports).flatMap(([name, port]) => {
    const variable = `${name.toUpperCase()}_PORT`;
    return [check(name, port, variable), check(`the metrics of ${name}`, managementPort(port), variable)];
  });
  await Promise.all([...services, 'port' in postgres && check('PostgreSQL', postgres.port, 'POSTGRES_PORT')]);
  if (faults.length) throw new Error(faults.join('\n'));
}

import { resolve } from 'node:path';
import { readSsl } from '@attendance/common/runtime/config';
import type { DatabaseSettings } from '@attendance/common/database/settings';

export type ServiceName = 'author' | 'conference' | 'gateway';

export interface Settings {
  /** The project folder. */
  root: string;
  /** The folder of data, logs and secrets. */
  dataFolder: string;
  ports: Record<ServiceName, number>;
  managementPorts: Record<ServiceName, number>;
  /** An existing PostgreSQL, or the port of the one to start. */
  postgres: { admin: DatabaseSettings } | { port: number };
}

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
  const read = <T>(name: string, parse: (text: string) => T | undefined, expected: string, otherwise: T): T => {
    const text = environment[name];
    if (!text) return otherwise;
    const value = parse(text);
    if (value === undefined) faults.push(`${name} must be ${expected}`);
    return value ?? otherwise;
  };
  const port = (name: string, otherwise: number) => read(name, parsePort, 'a port from 1 to 64535', otherwise);
  const ports = {
    author: port('AUTHOR_PORT', 8070),
    conference: port('CONFERENCE_PORT', 8080),
    gateway: port('GATEWAY_PORT', 8090),
  };
  const postgresPort = port('POSTGRES_PORT', 54329);
  const server = read('POSTGRES_URL', parseUrl, urlFormat, undefined);
  const admin = server && { ...server, ssl: readTls(environment, faults) };
  if (faults.length) throw new Error(faults.join('\n'));
  return {
    root,
    dataFolder: resolve(root, environment['DATA_FOLDER'] ?? '.data'),
    ports,
    managementPorts: {
      author: ports.author + 1000,
      conference: ports.conference + 1000,
      gateway: ports.gateway + 1000,
    },
    postgres: admin ? { admin } : { port: postgresPort },
  };
}

const urlFormat = 'like postgres://user:password@host:5432/postgres, without parameters; DATABASE_TLS is for TLS';

function readTls(environment: NodeJS.ProcessEnv, faults: string[]): DatabaseSettings['ssl'] {
  try {
    return readSsl(environment);
  } catch (error) {
    faults.push((error as Error).message);
    return false;
  }
}

function parsePort(text: string): number | undefined {
  const port = /^\d+$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 64_535 ? port : undefined;
}

function parseUrl(text: string): DatabaseSettings | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url?.hostname || !url.username || url.search || !/^postgres(ql)?:$/.test(url.protocol)) return undefined;
  return {
    // an IPv6 address is in brackets in a URL only
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || 5432),
    database: decodeURIComponent(url.pathname.slice(1)) || 'postgres',
    user: decodeURIComponent(url.username),
    ...(url.password && { password: decodeURIComponent(url.password) }),
  };
}

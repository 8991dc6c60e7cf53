import { resolve } from 'node:path';
import type { DatabaseSettings } from '@attendance/common/database/settings';
import { isTaken } from './processes/ports.ts';

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
  const ports = {
    author: port('AUTHOR_PORT', 8070),
    conference: port('CONFERENCE_PORT', 8080),
    gateway: port('GATEWAY_PORT', 8090),
  };
  const postgresPort = port('POSTGRES_PORT', 54329);
  const url = variable('POSTGRES_URL');
  const admin = url && parseUrl(url);
  // not with its value, which has a password in it
  if (url && !admin) faults.push('POSTGRES_URL must be like postgres://user:password@host:5432/postgres');
  if (faults.length) throw new Error(faults.join('\n'));
  return {
    root,
    dataFolder: resolve(root, variable('DATA_FOLDER') ?? '.data'),
    ports,
    managementPorts: {
      author: ports.author + 1000,
      conference: ports.conference + 1000,
      gateway: ports.gateway + 1000,
    },
    postgres: admin ? { admin } : { port: postgresPort },
  };
}

function parseUrl(text: string): DatabaseSettings | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url?.hostname || !url.username || url.search || !/^postgres(ql)?:$/.test(url.protocol)) return undefined;
  return {
    host: url.hostname,
    port: Number(url.port || 5432),
    database: decodeURIComponent(url.pathname.slice(1)) || 'postgres',
    user: decodeURIComponent(url.username),
    ...(url.password && { password: decodeURIComponent(url.password) }),
  };
}

/**
 * Checks the ports before anything starts.
 * @throws naming each port that is in use or wanted twice, and what needs it
 */
export async function refuseUsedPorts({ ports, managementPorts, postgres }: Settings): Promise<void> {
  const wanted = [
    ...Object.entries(ports).map(([name, port]) => ({ port, use: name, variable: `${name.toUpperCase()}_PORT` })),
    ...Object.entries(managementPorts).map(([name, port]) => ({
      port,
      use: `health and metrics of ${name}`,
      variable: `${name.toUpperCase()}_PORT, 1000 below it,`,
    })),
    ...('port' in postgres ? [{ port: postgres.port, use: 'PostgreSQL', variable: 'POSTGRES_PORT' }] : []),
  ];
  const faults = wanted.map(async ({ port, use, variable }) => {
    const other = wanted.find((each) => each.port === port && each.use !== use);
    if (!other && !(await isTaken(port))) return [];
    const fault = other ? `wanted for ${other.use} too` : 'in use';
    return [`port ${port}, wanted for ${use}, is ${fault}: ${variable} chooses another`];
  });
  const found = (await Promise.all(faults)).flat();
  if (found.length) throw new Error(found.join('; '));
}

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { DatabaseSettings } from '@attendance/common/database/settings';
import { prepareDatabases } from '@attendance/local/databases';
import { databaseVariables } from '../../test/support/system.ts';
import { TcpProxy } from '../../test/support/tcpProxy.ts';
import { edges, gateways, type EdgeName, type ProcessName } from './plan.ts';
import { PostgresServer } from './postgres.ts';
import { Service } from './service.ts';

export type DatabaseOf = (name: 'author' | 'conference') => DatabaseSettings;

export interface ChaosSystem {
  /** Base URLs, each of a proxy before a gateway. */
  gateways: string[];
  processes: Record<Exclude<ProcessName, 'postgres'>, Service> & { postgres: PostgresServer };
  proxies: Record<EdgeName, TcpProxy>;
  /** How to reach a database around all proxies, as the role that owns it, while PostgreSQL runs. */
  database: DatabaseOf;
  /** Stops all of it, in whatever state it is. */
  stop: () => Promise<void>;
}

/** The file for what a process says. */
export const logOf = (logs: string, name: ProcessName) => join(logs, `${name.replace(' ', '-')}.log`);

/**
 * Two gateways, both owners and PostgreSQL as processes, with a proxy in the way of every connection.
 * @param logs the folder for what they say
 */
export async function startChaosSystem({ logs, timeScale }: { logs: string; timeScale: number }): Promise<ChaosSystem> {
  const log = (name: ProcessName) => logOf(logs, name);
  // tokens of its own: what connects to a port that has changed hands must not be taken for one of another system
  const secret = () => randomBytes(16).toString('hex');
  const secrets = {
    ...{ service_token: secret(), postgres: secret(), author_owner: secret(), author_service: secret() },
    ...{ conference_owner: secret(), conference_service: secret() },
  };
  const shared = { TIME_SCALE: String(timeScale), SERVICE_TOKEN: secrets.service_token };
  const stops: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  const begin = async <T extends { stop: () => Promise<void> | void }>(it: T & { start: () => Promise<T> }) => {
    stops.push(() => it.stop());
    return it.start();
  };
  const connect = async (edge: EdgeName, to: Service | PostgresServer) => {
    const proxy = await begin(new TcpProxy(to));
    return [edge, proxy] as const;
  };

  try {
    const postgres = await begin(new PostgresServer(log('postgres')));
    await prepareDatabases(postgres.admin, secrets);
    const database = (name: 'author' | 'conference', role: 'owner' | 'service' = 'owner') => {
      const { host, port } = postgres;
      return { host, port, database: name, user: `${name}_${role}`, password: secrets[`${name}_${role}`] };
    };

    const proxies: (readonly [EdgeName, TcpProxy])[] = [];
    const portOf = (edge: EdgeName) => proxies.find(([name]) => name === edge)![1].port;
    const owner = async (name: 'author' | 'conference') => {
      proxies.push(await connect(`${name} > postgres`, postgres));
      const settings = { ...database(name, 'service'), port: portOf(`${name} > postgres`) };
      return begin(new Service(name, { ...shared, ...databaseVariables(settings) }, log(name)));
    };
    const [author, conference] = await Promise.all([owner('author'), owner('conference')]);
    const gateway = async (name: (typeof gateways)[number]) => {
      proxies.push(await connect(`${name} > author`, author), await connect(`${name} > conference`, conference));
      const owners = {
        AUTHOR_SERVICE_URL: `http://127.0.0.1:${portOf(`${name} > author`)}`,
        CONFERENCE_SERVICE_URL: `http://127.0.0.1:${portOf(`${name} > conference`)}`,
      };
      const service = await begin(new Service('gateway', { ...shared, ...owners }, log(name)));
      proxies.push(await connect(`clients > ${name}`, service));
      return service;
    };
    const [gateway1, gateway2] = await Promise.all([gateway('gateway 1'), gateway('gateway 2')]);
    return {
      gateways: gateways.map((name) => `http://127.0.0.1:${portOf(`clients > ${name}`)}`),
      processes: { 'gateway 1': gateway1, 'gateway 2': gateway2, author, conference, postgres },
      proxies: Object.fromEntries(edges.map((edge) => [edge, proxies.find(([name]) => name === edge)![1]])) as Record<
        EdgeName,
        TcpProxy
      >,
      database,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

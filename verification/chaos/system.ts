import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { DatabaseSettings } from '@attendance/common/database/settings';
import { prepareDatabases } from '@attendance/local/databases';
import { databaseVariables } from '../../test/support/system.ts';
import { TcpProxy } from '../../test/support/tcpProxy.ts';
import { edges, gateways, type EdgeName, type ProcessName } from './plan.ts';
import { Pooler } from './pooler.ts';
import { PostgresServer } from './postgres.ts';
import { Service } from './service.ts';

export interface ChaosSystem {
  /** The base URLs of the proxies of the gateways. */
  gateways: string[];
  processes: Record<Exclude<ProcessName, 'postgres'>, Service> & { postgres: PostgresServer };
  proxies: Record<EdgeName, TcpProxy>;
  /** Returns the settings for a direct connection as the migration role. */
  database: (name: 'author' | 'conference') => DatabaseSettings;
  /** Stops all processes and proxies in any state. */
  stop: () => Promise<void>;
}

/** Returns the path of the log of a process. */
export const logOf = (logs: string, name: ProcessName) => join(logs, `${name.replace(' ', '-')}.log`);

export interface ChaosSystemOptions {
  /** The folder for the logs of the processes. */
  logs: string;
  /** The scale of all times of the system. */
  timeScale: number;
  /** Whether the owner services reach PostgreSQL through PgBouncer. */
  pooler?: boolean;
}

/** Starts two gateways, both owner services and PostgreSQL, with a proxy for every connection between them. */
export async function startChaosSystem({ logs, timeScale, pooler = false }: ChaosSystemOptions): Promise<ChaosSystem> {
  const log = (name: ProcessName) => logOf(logs, name);
  // random secrets: a port may be reused by another system, which must refuse these requests
  const secret = () => randomBytes(16).toString('hex');
  const secrets = {
    ...{ service_token: secret(), postgres: secret(), author_owner: secret(), author_service: secret() },
    ...{ conference_owner: secret(), conference_service: secret() },
  };
  const shared = { TIME_SCALE: String(timeScale), SERVICE_TOKEN: secrets.service_token };
  const stops: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    for (const stopPart of stops.splice(0).reverse()) await stopPart();
  };
  const start = async <T extends { stop: () => Promise<void> | void }>(part: T & { start: () => Promise<T> }) => {
    stops.push(() => part.stop());
    return part.start();
  };
  const connect = async (edge: EdgeName, to: Service | PostgresServer) => {
    const proxy = await start(new TcpProxy(to));
    return [edge, proxy] as const;
  };

  try {
    const postgres = await start(new PostgresServer(log('postgres')));
    await prepareDatabases(postgres.admin, secrets);
    const database = (name: 'author' | 'conference', role: 'owner' | 'service' = 'owner') => {
      const { host, port } = postgres;
      return { host, port, database: name, user: `${name}_${role}`, password: secrets[`${name}_${role}`] };
    };

    const proxies: (readonly [EdgeName, TcpProxy])[] = [];
    const portOf = (edge: EdgeName) => proxies.find(([name]) => name === edge)![1].port;
    const startOwnerService = async (name: 'author' | 'conference') => {
      proxies.push(await connect(`${name} > postgres`, postgres));
      const settings = { ...database(name, 'service'), port: portOf(`${name} > postgres`), pooler };
      if (pooler) settings.port = (await start(new Pooler(settings, join(logs, `${name}-pooler.log`)))).port;
      return start(new Service(name, { ...shared, ...databaseVariables(settings) }, log(name)));
    };
    const [author, conference] = await Promise.all([startOwnerService('author'), startOwnerService('conference')]);
    const startGateway = async (name: (typeof gateways)[number]) => {
      proxies.push(await connect(`${name} > author`, author), await connect(`${name} > conference`, conference));
      const urls = {
        AUTHOR_SERVICE_URL: `http://127.0.0.1:${portOf(`${name} > author`)}`,
        CONFERENCE_SERVICE_URL: `http://127.0.0.1:${portOf(`${name} > conference`)}`,
      };
      const service = await start(new Service('gateway', { ...shared, ...urls }, log(name)));
      proxies.push(await connect(`clients > ${name}`, service));
      return service;
    };
    const [gateway1, gateway2] = await Promise.all([startGateway('gateway 1'), startGateway('gateway 2')]);
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

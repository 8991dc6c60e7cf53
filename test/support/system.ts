import { fileURLToPath } from 'node:url';
import type { DatabaseSettings } from '@attendance/common/database/settings';
import { createClient, type Client } from './client.ts';
import { createTestDatabases, type TestDatabases } from './postgres.ts';
import { ServiceProcess } from './process.ts';
import { FaultProxy } from './proxy.ts';
import { TcpProxy } from './tcpProxy.ts';

/** Of all the times of a system under test, unless its test says otherwise: those of production. */
export const timeScale = 1;

export const serviceToken = 'a-token-for-tests-only';

/** Of a system in which nothing waits for a deadline: so long that no test misses one, however slow the machine. */
export const patient = { TIME_SCALE: '5' };

export interface System {
  /** The gateway's base URL. */
  gateway: string;
  processes: { author: ServiceProcess; conference: ServiceProcess; gateway: ServiceProcess };
  /** Between the gateway and each owner. */
  network: { author: FaultProxy; conference: FaultProxy };
  /** Between each owner and its database. */
  storage: { author: TcpProxy; conference: TcpProxy };
  databases: TestDatabases;
  stop: () => Promise<void>;
}

const main = (service: string) => fileURLToPath(new URL(`../../services/${service}/dist/main.js`, import.meta.url));

interface SystemOptions {
  environment?: Record<string, string>;
  /** Without the proxies in the gateway's way, for tests that only break what stands behind them. */
  direct?: boolean;
  /** The superuser of a PostgreSQL of the test's own, asked for each time. */
  admin?: () => DatabaseSettings;
}

/** The three services as processes, on databases of their own and free ports, over a network that can be broken. */
export async function startSystem({ environment = {}, direct = false, admin }: SystemOptions = {}): Promise<System> {
  const databases = await createTestDatabases(admin);
  const storage = {
    author: await new TcpProxy(databases.author.service).start(),
    conference: await new TcpProxy(databases.conference.service).start(),
  };
  const shared = { TIME_SCALE: String(timeScale), SERVICE_TOKEN: serviceToken, ...environment };
  const owner = (name: 'author' | 'conference') => {
    const { service } = databases[name];
    const database = direct ? service : { ...service, host: '127.0.0.1', port: storage[name].port };
    return new ServiceProcess(main(name), { ...shared, ...databaseVariables(database) });
  };
  const [author, conference] = [owner('author'), owner('conference')];
  const gateway = new ServiceProcess(main('gateway'), shared);
  const network = {
    author: await new FaultProxy(() => author.url).start(),
    conference: await new FaultProxy(() => conference.url).start(),
  };
  const stop = async () => {
    await Promise.all([author, conference, gateway].map((service) => service.stop()));
    for (const proxy of [network.author, network.conference, storage.author, storage.conference]) proxy.stop();
    await databases.drop();
  };
  try {
    await Promise.all([author.start(), conference.start()]);
    const owners = direct ? { author, conference } : network;
    await gateway.start({ AUTHOR_SERVICE_URL: owners.author.url, CONFERENCE_SERVICE_URL: owners.conference.url });
  } catch (error) {
    await stop();
    throw error;
  }
  return { gateway: gateway.url, processes: { author, conference, gateway }, network, storage, databases, stop };
}

/**
 * A system for the tests of one `describe`, and a client of its gateway. It is started before the first test, or before
 * each; until then both objects are empty.
 */
export function useSystem({ each = false, ...options }: SystemOptions & { each?: boolean } = {}): {
  system: System;
  client: Client;
} {
  const system = {} as System;
  const client = {} as Client;
  let stop: (() => Promise<void>) | undefined;
  (each ? beforeEach : before)(async () => {
    Object.assign(system, await startSystem(options));
    Object.assign(client, createClient({ gateway: system.gateway }));
    stop = async () => {
      client.close();
      await system.stop();
    };
  });
  (each ? afterEach : after)(async () => {
    await stop?.();
    stop = undefined;
  });
  return { system, client };
}

/** What tells a service where its database is. */
export function databaseVariables({
  host,
  port,
  database,
  user,
  password,
  pooler,
}: DatabaseSettings): Record<string, string> {
  return {
    DATABASE_HOST: host,
    DATABASE_PORT: String(port),
    DATABASE_NAME: database,
    DATABASE_USER: user,
    DATABASE_PASSWORD: password ?? '',
    DATABASE_POOLER: String(pooler ?? false),
  };
}

import { fileURLToPath } from 'node:url';
import type { DatabaseSettings } from '@attendance/common/database/settings';
import { createClient, type Client } from './client.ts';
import { createTestDatabases, type TestDatabases } from './postgres.ts';
import { ServiceProcess } from './process.ts';
import { FaultProxy } from './proxy.ts';
import { TcpProxy } from './tcpProxy.ts';

/** The default scale of all times of a system under test: the times of production. */
export const timeScale = 1;

export const serviceToken = 'a-token-for-tests-only';

/** An environment with long deadlines, for tests that must not miss a deadline on a slow machine. */
export const patient = { TIME_SCALE: '5' };

export interface System {
  /** The gateway's base URL. */
  gateway: string;
  processes: { author: ServiceProcess; conference: ServiceProcess; gateway: ServiceProcess };
  /** The proxies between the gateway and each owner service. */
  network: { author: FaultProxy; conference: FaultProxy };
  /** The proxies between each owner service and its database. */
  storage: { author: TcpProxy; conference: TcpProxy };
  databases: TestDatabases;
  stop: () => Promise<void>;
}

const main = (service: string) => fileURLToPath(new URL(`../../services/${service}/dist/main.js`, import.meta.url));

interface SystemOptions {
  environment?: Record<string, string>;
  /** Connects the gateway and the owner services without proxies. */
  direct?: boolean;
  /** Returns the superuser of another PostgreSQL server; called for each statement. */
  admin?: () => DatabaseSettings;
}

/** Starts the three services as processes, with databases of their own, and with proxies that can break the network. */
export async function startSystem({ environment = {}, direct = false, admin }: SystemOptions = {}): Promise<System> {
  const databases = await createTestDatabases(admin);
  const storage = {
    author: await new TcpProxy(databases.author.serviceRole).start(),
    conference: await new TcpProxy(databases.conference.serviceRole).start(),
  };
  const shared = { TIME_SCALE: String(timeScale), SERVICE_TOKEN: serviceToken, ...environment };
  const ownerService = (name: 'author' | 'conference') => {
    const { serviceRole } = databases[name];
    const database = direct ? serviceRole : { ...serviceRole, host: '127.0.0.1', port: storage[name].port };
    return new ServiceProcess(main(name), { ...shared, ...databaseVariables(database) });
  };
  const [author, conference] = [ownerService('author'), ownerService('conference')];
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
    const ownerServices = direct ? { author, conference } : network;
    await gateway.start({
      AUTHOR_SERVICE_URL: ownerServices.author.url,
      CONFERENCE_SERVICE_URL: ownerServices.conference.url,
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { gateway: gateway.url, processes: { author, conference, gateway }, network, storage, databases, stop };
}

/** What tests of a system work on: the system, and a client of its gateway. */
export interface Subject {
  system: System;
  client: Client;
}

/**
 * Starts a system for the tests of one `describe`, before the first test or before each, and creates a client of its
 * gateway. Until then both objects are empty.
 */
export function useSystem({ each = false, ...options }: SystemOptions & { each?: boolean } = {}): Subject {
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

/** Converts the settings of a database to the environment variables of a service. */
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

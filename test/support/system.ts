import { fileURLToPath } from 'node:url';
import type { DatabaseSettings } from '@attendance/common/database/settings';
import { createTestDatabases, type TestDatabases } from './postgres.ts';
import { ServiceProcess } from './process.ts';
import { FaultProxy } from './proxy.ts';
import { TcpProxy } from './tcpProxy.ts';

/** Of all the times of the system under test, so that what waits for a deadline does not wait long. */
export const timeScale = 0.5;

export const serviceToken = 'a-token-for-tests-only';

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

/** The three services as processes, on databases of their own and free ports, over a network that can be broken. */
export async function startSystem(environment: Record<string, string> = {}): Promise<System> {
  const databases = await createTestDatabases();
  const storage = {
    author: await new TcpProxy(databases.author.service).start(),
    conference: await new TcpProxy(databases.conference.service).start(),
  };
  const shared = { TIME_SCALE: String(timeScale), SERVICE_TOKEN: serviceToken, ...environment };
  const author = new ServiceProcess(main('author'), {
    ...shared,
    ...databaseVariables(databases.author.service, storage.author),
  });
  const conference = new ServiceProcess(main('conference'), {
    ...shared,
    ...databaseVariables(databases.conference.service, storage.conference),
  });
  const network = {
    author: await new FaultProxy(() => author.url).start(),
    conference: await new FaultProxy(() => conference.url).start(),
  };
  const gateway = new ServiceProcess(main('gateway'), {
    ...shared,
    AUTHOR_SERVICE_URL: network.author.url,
    CONFERENCE_SERVICE_URL: network.conference.url,
  });
  const stop = async () => {
    await Promise.all([author, conference, gateway].map((service) => service.stop()));
    network.author.stop();
    network.conference.stop();
    storage.author.stop();
    storage.conference.stop();
    await databases.drop();
  };
  try {
    await Promise.all([author.start(), conference.start(), gateway.start()]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { gateway: gateway.url, processes: { author, conference, gateway }, network, storage, databases, stop };
}

function databaseVariables(settings: DatabaseSettings, { port }: TcpProxy): Record<string, string> {
  return {
    DATABASE_HOST: '127.0.0.1',
    DATABASE_PORT: String(port),
    DATABASE_NAME: settings.database,
    DATABASE_USER: settings.user,
    DATABASE_PASSWORD: settings.password ?? '',
  };
}

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSettings } from '@attendance/common/database/settings';
import { prepareDatabases } from './databases.ts';
import { endLeftovers } from './leftovers.ts';
import type { Output } from './output.ts';
import { startPostgres } from './postgres.ts';
import { readSecrets, type Secrets } from './secrets.ts';
import { service, serviceUrl } from './services.ts';
import type { ServiceName, Settings } from './settings.ts';
import { keepRunning, type Kept, type Part } from './supervisor.ts';
import { refuseTakenPorts } from './takenPorts.ts';

/** PostgreSQL, the two databases and the three services. */
export interface System {
  /** Rejects if a part does not start. The others keep running until `stop`. */
  readonly ready: Promise<void>;
  /** Stops the parts in order: the gateway, the owner services, PostgreSQL. */
  stop(): Promise<void>;
  /** Kills the parts that are still stopping. */
  kill(): void;
}

/** Starts all parts at once. A service is ready when its database is. */
export function startSystem(settings: Settings, output: Output): System {
  const stopping = new AbortController();
  const { dataFolder, postgres } = settings;
  let server: Kept | undefined;
  const services = new Map<ServiceName, Kept>();
  const keep = (part: Part) => keepRunning(part, (text) => output.event(text));

  async function start(): Promise<void> {
    mkdirSync(join(dataFolder, 'logs'), { recursive: true });
    const secrets = readSecrets(dataFolder);
    await endLeftovers(dataFolder);
    await refuseTakenPorts(settings);
    stopping.signal.throwIfAborted();

    const admin = 'admin' in postgres ? postgres.admin : embedded(postgres.port, secrets.postgres);
    if ('port' in postgres) server = keep(postgresPart(dataFolder, postgres.port, secrets.postgres));
    const databases = prepare(admin, secrets);
    for (const name of ['author', 'conference', 'gateway'] as const) {
      const prepared = name === 'gateway' ? Promise.resolve() : databases;
      services.set(name, keep(service({ name, settings, secrets, database: admin, prepared })));
    }
    const listening = [...services].map(async ([name, { ready }]) => {
      await ready;
      output.step(`${name} listens on ${serviceUrl(settings, name)}`);
    });
    await Promise.all([databases, ...listening]);
  }

  async function prepare(admin: DatabaseSettings, secrets: Secrets): Promise<void> {
    if (server) {
      await server.ready;
      output.step(`PostgreSQL listens on ${admin.host}:${admin.port}`);
    }
    try {
      await prepareDatabases(admin, secrets);
    } catch (cause) {
      throw new Error('the databases could not be prepared', { cause });
    }
    output.step(`the databases author and conference on ${admin.host}:${admin.port} are up to date`);
  }

  return {
    ready: start(),
    async stop() {
      stopping.abort();
      await services.get('gateway')?.stop();
      await Promise.all([services.get('author')?.stop(), services.get('conference')?.stop()]);
      await server?.stop();
    },
    kill() {
      services.forEach((kept) => kept.kill('SIGKILL'));
      // ends at once too, and ends its own processes
      server?.kill('SIGQUIT');
    },
  };
}

function embedded(port: number, password: string): DatabaseSettings {
  return { host: '127.0.0.1', port, database: 'postgres', user: 'postgres', password };
}

function postgresPart(dataFolder: string, port: number, password: string): Part {
  const options = {
    dataFolder: join(dataFolder, 'postgres'),
    log: join(dataFolder, 'logs/postgres.log'),
    port,
    password,
  };
  return { name: 'PostgreSQL', start: (signal) => startPostgres({ ...options, signal }) };
}

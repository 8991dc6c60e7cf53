import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { withClient } from '@attendance/common/database/client';
import type { DatabaseSettings } from '@attendance/common/database/settings';
import { prepareDatabases } from './databases.ts';
import { endOrphans } from './orphans.ts';
import type { Output } from './output.ts';
import { startPostgres } from './postgres.ts';
import { readSecrets } from './secrets.ts';
import { service, serviceUrl } from './services.ts';
import { refuseUsedPorts, type Settings } from './settings.ts';
import { supervise, type Component, type Supervised } from './supervisor.ts';

/** PostgreSQL, the two databases and the three services. */
export interface System {
  /** Rejects if a component does not start. The others keep running until `stop`. */
  readonly ready: Promise<void>;
  /** Stops the components one by one: the gateway first, PostgreSQL last. */
  stop(): Promise<void>;
}

export function startSystem(settings: Settings, output: Output): System {
  const { dataFolder, postgres } = settings;
  const stopping = new AbortController();
  const components: Supervised[] = [];

  async function start(component: Component): Promise<void> {
    stopping.signal.throwIfAborted();
    const supervised = supervise(component, (text) => output.event(text));
    components.push(supervised);
    await supervised.ready;
  }

  async function startAll(): Promise<void> {
    mkdirSync(join(dataFolder, 'logs'), { recursive: true });
    const secrets = readSecrets(dataFolder);
    await endOrphans(dataFolder);
    await refuseUsedPorts(settings);

    const database = 'admin' in postgres ? postgres.admin : embeddedDatabase(postgres.port, secrets.postgres);
    if ('port' in postgres) {
      await start(embeddedPostgres(dataFolder, database, secrets.postgres));
      output.step(`PostgreSQL listens on ${database.host}:${database.port}`);
    }
    await prepareDatabases(database, secrets);
    output.step(`the databases author and conference on ${database.host}:${database.port} are up to date`);
    await Promise.all(
      (['author', 'conference', 'gateway'] as const).map(async (name) => {
        await start(service(name, { settings, secrets, database }));
        output.step(`${name} listens on ${serviceUrl(settings, name)}`);
      }),
    );
  }

  return {
    ready: startAll(),
    async stop() {
      stopping.abort();
      for (const component of components.toReversed()) await component.stop();
    },
  };
}

function embeddedDatabase(port: number, password: string): DatabaseSettings {
  // without `ssl`, node-postgres would do as PGSSLMODE says
  return { host: '127.0.0.1', port, database: 'postgres', user: 'postgres', password, ssl: false };
}

function embeddedPostgres(dataFolder: string, database: DatabaseSettings, password: string): Component {
  const options = {
    dataFolder: join(dataFolder, 'postgres'),
    log: join(dataFolder, 'logs/postgres.log'),
    port: database.port,
    password,
  };
  return {
    name: 'PostgreSQL',
    start: (signal) => startPostgres({ ...options, signal }),
    ask: () => withClient({ ...database, connectionTimeoutMillis: 10_000 }, (client) => client.query('SELECT 1')),
  };
}

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withClient } from '@attendance/common/database/client';
import type { DatabaseSettings } from '@attendance/common/database/settings';
import { authorMigrations } from '@attendance/migrations/author/index';
import { conferenceMigrations } from '@attendance/migrations/conference/index';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../test/support/postgres.ts';
import { ServiceProcess } from '../../../test/support/process.ts';
import { databaseVariables } from '../../../test/support/system.ts';
import type { ClaimRow, QueryCopy } from '../copies.ts';
import { gateways } from '../plan.ts';
import { clusters, type ClusterName } from './plan.ts';

/** A primary and its standby, as the system needs them. */
export interface DatabaseCluster {
  /** Where the service connects, whichever server is the primary. */
  readonly address: Pick<DatabaseSettings, 'host' | 'port'>;
  /** A direct connection of the superuser to the primary. */
  readonly admin: DatabaseSettings;
  /** Starts both, and waits until the standby may take over. */
  start: () => Promise<void>;
  stop: () => Promise<void>;
}

export interface FailoverSystem<C extends DatabaseCluster = DatabaseCluster> {
  clusters: Record<ClusterName, C>;
  owners: Record<ClusterName, ServiceProcess>;
  gateways: ServiceProcess[];
  /** Queries a copy at its primary, as the migration role. */
  queryCopy: QueryCopy;
  /** The environment that the gateways have in common. */
  environment: Record<string, string>;
  stop: () => Promise<void>;
}

interface SystemOptions<C> {
  /** The folder for the logs of all processes. */
  logs: string;
  timeScale: number;
  createCluster: (name: ClusterName) => C;
}

const migrations = { author: authorMigrations, conference: conferenceMigrations };
const main = (service: string) => fileURLToPath(new URL(`../../../services/${service}/dist/main.js`, import.meta.url));

/**
 * How many connections a service role may have, of the 200 of a server: a commit that waits for a standby keeps its
 * connection, also when its service has given it up.
 */
const connectionLimit = 100;

/** Starts two gateways and both owner services, each of these with a cluster of its own. */
export async function startFailoverSystem<C extends DatabaseCluster>({
  logs,
  timeScale,
  createCluster,
}: SystemOptions<C>): Promise<FailoverSystem<C>> {
  const shared = { TIME_SCALE: String(timeScale), SERVICE_TOKEN: randomBytes(16).toString('hex') };
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const stopPart of stops.splice(0).reverse()) await stopPart();
  };
  const startService = async (name: string, service: string, environment: Record<string, string>) => {
    const log = join(logs, `${name.replace(' ', '-')}.log`);
    const process = new ServiceProcess(main(service), { ...shared, ...environment }, { log });
    stops.push(() => process.stop());
    return process.start();
  };
  const startOwner = async (name: ClusterName) => {
    const cluster = createCluster(name);
    stops.push(() => cluster.stop());
    await cluster.start();
    const database = await createTestDatabase(name, migrations[name], cluster.admin);
    const { user } = database.serviceRole;
    await withClient(cluster.admin, (client) =>
      client.query(`ALTER ROLE ${pg.escapeIdentifier(user)} CONNECTION LIMIT ${connectionLimit}`),
    );
    const { host, port } = cluster.address;
    const owner = await startService(name, name, databaseVariables({ ...database.serviceRole, host, port }));
    return { cluster, database, owner };
  };

  try {
    const [author, conference] = await Promise.all(clusters.map(startOwner));
    const parts = { author: author!, conference: conference! };
    const environment = {
      ...shared,
      AUTHOR_SERVICE_URL: parts.author.owner.url,
      CONFERENCE_SERVICE_URL: parts.conference.owner.url,
    };
    return {
      clusters: { author: parts.author.cluster, conference: parts.conference.cluster },
      owners: { author: parts.author.owner, conference: parts.conference.owner },
      gateways: await Promise.all(gateways.map((name) => startService(name, 'gateway', environment))),
      queryCopy: (name, statement) => queryPrimary(parts[name], statement),
      environment,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function queryPrimary({ cluster, database }: { cluster: DatabaseCluster; database: TestDatabase }, statement: string) {
  const { host, port } = cluster.admin;
  const settings = { ...database.migrationRole, host, port };
  return withClient(settings, async (client) => (await client.query<ClaimRow>(statement)).rows);
}

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient, type Client } from './client.ts';
import type { TestDatabases } from './postgres.ts';
import { patient, startSystem, type System } from './system.ts';

/** A system that many test files use at the same time: they only send it requests, and look only at what is theirs. */
export interface SharedSystem {
  /** The gateway's base URL. */
  gateway: string;
  processes: Record<'author' | 'conference' | 'gateway', { url: string; managementUrl: string }>;
  databases: Omit<TestDatabases, 'drop'>;
}

/**
 * Serves the shared system's addresses to the processes of this test run. The system starts at the first request, so a
 * run that needs none starts none.
 */
export async function serveSharedSystem(): Promise<{ url: string; stop: () => Promise<void> }> {
  let started: Promise<System> | undefined;
  const server = createServer((_, response) => {
    started ??= startSystem({ direct: true, environment: patient });
    started.then(
      (system) => response.end(JSON.stringify(addressesOf(system))),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: urlOf(server), stop };

  async function stop(): Promise<void> {
    server.close();
    server.closeAllConnections();
    const system = await started?.catch(() => undefined);
    await system?.stop();
  }
}

const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

function addressesOf({ gateway, processes, databases: { author, conference } }: System): SharedSystem {
  const address = ({ url, managementUrl }: { url: string; managementUrl: string }) => ({ url, managementUrl });
  return {
    gateway,
    processes: {
      author: address(processes.author),
      conference: address(processes.conference),
      gateway: address(processes.gateway),
    },
    databases: { author, conference },
  };
}

/** The shared system, and a client of its gateway, for the tests of one `describe`. Both are empty before the first test. */
export function useSharedSystem(): { system: SharedSystem; client: Client } {
  const system = {} as SharedSystem;
  const client = {} as Client;
  before(async () => {
    Object.assign(system, await askForSharedSystem());
    Object.assign(client, createClient({ gateway: system.gateway }));
  });
  after(() => client.close());
  return { system, client };
}

/** @throws if the shared system did not start */
export async function askForSharedSystem(): Promise<SharedSystem> {
  const response = await fetch(process.env.SHARED_SYSTEM_URL!);
  if (!response.ok) throw new Error(`the shared system did not start: ${await response.text()}`);
  return (await response.json()) as SharedSystem;
}

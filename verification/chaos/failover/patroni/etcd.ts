import { join } from 'node:path';
import { startProcess, waitUntilReady, type RunningProcess } from '@attendance/local/processes/child';
import { stablePort } from './ports.ts';
import { programs } from './programs.ts';

/** The store in which Patroni keeps who the primary is. */
export class Etcd {
  readonly host = '127.0.0.1';
  port = 0;
  readonly #folder: string;
  readonly #log: string;
  #running: RunningProcess | undefined;

  constructor(folder: string, log: string) {
    this.#folder = folder;
    this.#log = log;
  }

  async start(): Promise<void> {
    const port = await stablePort();
    const clients = `http://${this.host}:${port}`;
    const peers = `http://${this.host}:${await stablePort()}`;
    const args = [
      ...['--data-dir', join(this.#folder, 'etcd'), '--initial-cluster', `default=${peers}`],
      ...['--listen-client-urls', clients, '--advertise-client-urls', clients],
      ...['--listen-peer-urls', peers, '--initial-advertise-peer-urls', peers],
    ];
    const env = { PATH: process.env.PATH };
    this.#running = await startProcess([programs.etcd, ...args], { env, log: this.#log, stopSignal: 'SIGTERM' });
    await waitUntilReady('etcd', this.#running, async () =>
      fetch(`${clients}/health`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    this.port = port;
  }

  async stop(): Promise<void> {
    await this.#running?.stop();
  }
}

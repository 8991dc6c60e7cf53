import { setTimeout as sleep } from 'node:timers/promises';
import { TcpProxy } from '../../support/tcpProxy.ts';
import { serversOf } from './cluster.ts';
import { forward, type Forwarded } from './portForward.ts';

/**
 * Forwards a fixed URL to a pod of a release, and to another pod after that one has ended. Meanwhile, connections are
 * reset.
 */
export class ReconnectingForward {
  url = '';
  readonly #release: string;
  readonly #containerPort: number;
  readonly #index: number;
  readonly #target = { host: '127.0.0.1', port: 0 };
  readonly #proxy = new TcpProxy(this.#target);
  #forwarded: Forwarded | undefined;
  readonly #stopped = new AbortController();
  #renewing: Promise<void> | undefined;

  /** @param index the index of the pod among those of the release */
  constructor(release: string, containerPort: number, index: number) {
    this.#release = release;
    this.#containerPort = containerPort;
    this.#index = index;
  }

  async start(): Promise<this> {
    await this.#proxy.start();
    this.url = `http://127.0.0.1:${this.#proxy.port}`;
    this.#renewing = this.#renew();
    while (this.#target.port === 0) await sleep(100);
    return this;
  }

  /** Disconnects from the pod. Call it when a pod was deleted, because kubectl may notice only later. */
  async drop(): Promise<void> {
    this.#target.port = 0;
    this.#proxy.cut();
    await this.#forwarded?.stop();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.drop();
    this.#proxy.stop();
    await this.#renewing;
  }

  async #renew(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      try {
        const pods = await serversOf(this.#release);
        const pod = pods[this.#index % pods.length];
        if (!pod) throw new Error(`no pod of ${this.#release}`);
        const forwarded = await forward(`pod/${pod.metadata.name}`, this.#containerPort);
        this.#forwarded = forwarded;
        this.#target.port = Number(new URL(forwarded.url).port);
        // `stop` may have been called before the forwarding began
        const stop = () => void forwarded.stop();
        this.#stopped.signal.addEventListener('abort', stop);
        await forwarded.ended;
        this.#stopped.signal.removeEventListener('abort', stop);
      } catch {
        // the pod does not exist yet, or no longer
        await sleep(500);
      }
      this.#target.port = 0;
      this.#proxy.cut();
    }
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { TcpProxy } from '../../support/tcpProxy.ts';
import { serversOf } from './cluster.ts';
import { forward, type Forwarded } from './portForward.ts';

/**
 * Forwards a fixed URL to a pod of a release, and to another pod of that release when the first is gone. In between, and
 * for open connections, clients see a reset.
 */
export class LastingForward {
  url = '';
  readonly #release: string;
  readonly #containerPort: number;
  readonly #index: number;
  readonly #target = { host: '127.0.0.1', port: 0 };
  readonly #proxy = new TcpProxy(this.#target);
  #forwarded: Forwarded | undefined;
  readonly #over = new AbortController();
  #renewing: Promise<void> | undefined;

  /** @param index the index of the pod, so that two instances forward to different pods if there are two */
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

  /** To be called when a pod was deleted: kubectl itself may not notice for a while. */
  async drop(): Promise<void> {
    this.#target.port = 0;
    this.#proxy.cut();
    await this.#forwarded?.stop();
  }

  async stop(): Promise<void> {
    this.#over.abort();
    await this.drop();
    this.#proxy.stop();
    await this.#renewing;
  }

  async #renew(): Promise<void> {
    while (!this.#over.signal.aborted) {
      try {
        const pods = await serversOf(this.#release);
        const pod = pods[this.#index % pods.length];
        if (!pod) throw new Error(`no pod of ${this.#release}`);
        const forwarded = await forward(`pod/${pod.metadata.name}`, this.#containerPort);
        this.#forwarded = forwarded;
        this.#target.port = Number(new URL(forwarded.url).port);
        // or it is stopped before there is anything to stop
        const stop = () => void forwarded.stop();
        this.#over.signal.addEventListener('abort', stop);
        await forwarded.ended;
        this.#over.signal.removeEventListener('abort', stop);
      } catch {
        // the pod is not there yet, or not any more
        await sleep(500);
      }
      this.#target.port = 0;
      this.#proxy.cut();
    }
  }
}

import { fileURLToPath } from 'node:url';
import { ServiceProcess } from '../../test/support/process.ts';

/** A service whose restart uses another port, because the old one may be taken. */
export class Service {
  readonly host = '127.0.0.1';
  /** 0 while the service does not run. */
  port = 0;
  readonly #process: ServiceProcess;

  /** @param log the path of the log */
  constructor(service: 'author' | 'conference' | 'gateway', environment: Record<string, string>, log: string) {
    const main = fileURLToPath(new URL(`../../services/${service}/dist/main.js`, import.meta.url));
    this.#process = new ServiceProcess(main, environment, { log });
  }

  async start(): Promise<this> {
    await this.#process.start({ PORT: '0', MANAGEMENT_PORT: '0' });
    this.port = Number(new URL(this.#process.url).port);
    return this;
  }

  freeze(): void {
    this.#process.freeze();
  }

  resume(): void {
    this.#process.resume();
  }

  async kill(): Promise<void> {
    this.port = 0;
    await this.#process.stop('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.kill();
  }
}

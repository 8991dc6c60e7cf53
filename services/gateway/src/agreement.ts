import { setTimeout as sleep } from 'node:timers/promises';
import type { Caller } from '@attendance/common/client/caller';
import { createClient } from '@attendance/common/client/client';
import { agreementContract, agreementOf, differences, type Difference } from '@attendance/common/contract/agreement';
import { Problem } from '@attendance/common/contract/problems';
import type { Logger } from '@attendance/common/runtime/logger';
import type { Metrics } from '@attendance/common/runtime/metrics';
import type { Times } from '@attendance/common/times';
import { isFailure, NotExecuted } from 'many-to-many';
import { Gauge } from 'prom-client';
import { v7 } from 'uuid';

interface AgreementOptions {
  /** Asks the owner service, on a connection of its own each time, so that each of its replicas gets its turn. */
  call: Caller;
  times: Times;
  observe: (found: readonly Difference[]) => void;
  log?: Logger | undefined;
}

/** Watches whether this gateway and an owner service agree. An owner service that does not answer changes nothing. */
export class AgreementWatch {
  readonly #service: 'author' | 'conference';
  readonly #options: AgreementOptions;
  /** What the last answer differed in. */
  #found: readonly Difference[] = [];
  #agreedAt = -Infinity;
  #logged: string | undefined;
  #first: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(service: 'author' | 'conference', options: AgreementOptions) {
    this.#service = service;
    this.#options = options;
  }

  /** Compares now, and again every few seconds. */
  start(): void {
    this.#first = this.compare();
    this.#timer = setInterval(() => void this.compare(), this.#options.times.watchEveryMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** What differs, while nothing can work. One replica of several is no reason: another one has agreed just now. */
  get fault(): string | undefined {
    const isRecent = performance.now() - this.#agreedAt < 3 * this.#options.times.watchEveryMs;
    return this.#found.length === 0 || isRecent ? undefined : this.#text;
  }

  /** Waits for the first comparison, but not for an owner service that does not answer. @throws what differs */
  async check(): Promise<void> {
    await Promise.race([this.#first, sleep(this.#options.times.waitMs, undefined, { ref: false })]);
    if (this.fault !== undefined) throw new Error(this.fault);
  }

  /** Lets a call pass unless nothing can work. @throws {NotExecuted} */
  requireAgreement(): void {
    if (this.fault !== undefined) throw new NotExecuted(this.fault);
  }

  /** Asks the owner service once. */
  async compare(): Promise<void> {
    const { call, times } = this.#options;
    const fromMs = Date.now();
    try {
      const answer = await createClient(agreementContract, call).readAgreement({}, { requestId: v7() });
      if (!(answer instanceof Problem))
        this.#note(differences(answer.body, agreementOf(this.#service, times), { fromMs, toMs: Date.now() }));
      else if (answer.code === 'route_not_found') this.#note([]);
      else this.#note([{ what: 'token', message: 'it does not accept SERVICE_TOKEN' }]);
    } catch (error) {
      if (!isFailure(error)) throw error;
      this.#options.log?.debug({ err: error }, 'an owner service could not be compared');
    }
  }

  #note(found: readonly Difference[]): void {
    const { observe, log } = this.#options;
    this.#found = found;
    if (found.length === 0) this.#agreedAt = performance.now();
    observe(found);
    if (this.#text === this.#logged) return;
    this.#logged = this.#text;
    const downstream = `${this.#service}-service`;
    if (found.length === 0) log?.info({ downstream }, 'the gateway and an owner service agree');
    else log?.error({ downstream, differs: this.#text }, 'the gateway and an owner service do not agree');
  }

  get #text(): string {
    return [`${this.#service}-service`, this.#found.map(({ message }) => message).join('; ')].join(': ');
  }
}

/** Shows in what the gateway and its owner services differ. */
export function observeAgreement(metrics: Metrics) {
  const gauge = new Gauge({
    name: 'downstream_mismatch',
    help: '1 while the last answer of another service showed that it and this one do not agree, by what differs',
    labelNames: ['downstream', 'what'],
    registers: [metrics.registry],
  });
  const kinds: Difference['what'][] = ['token', 'service', 'wire_version', 'times', 'clock'];
  return (downstream: string) => {
    const observe = (found: readonly Difference[]) => {
      for (const what of kinds) gauge.set({ downstream, what }, found.some((each) => each.what === what) ? 1 : 0);
    };
    observe([]);
    return observe;
  };
}

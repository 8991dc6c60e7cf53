import type { ConnectionReset, NotExecuted } from '@attendance/gateway-service/protocol/failures';
import type { CallFault, Faults } from './faults.ts';
import type { OwnerNode } from './ownerNode.ts';
import type { Host, Scheduler } from './scheduler.ts';

export interface Network {
  scheduler: Scheduler;
  faults: Faults;
  failures: { ConnectionReset: typeof ConnectionReset; NotExecuted: typeof NotExecuted };
  /** From when a caller gives up by itself. */
  deadline: number;
  trace: ((event: string) => void) | undefined;
  /** Called after a batch was committed that had arrived at that time. */
  executed: (operation: string, items: object[], outcomes: Outcomes, arrived: number) => void;
}

export interface Request {
  from: Host & { name: string };
  to: OwnerNode;
  operation: string;
  items: object[];
}

type Outcomes = { outcome: string }[];

/** Faults under which the caller may still be answered. */
const delays: readonly CallFault[] = ['slow request', 'late request', 'late answer'];

const refusals = ['unknown_owner', 'expired', 'busy', 'full'];

/** A call from a gateway to an owner, over a network that loses, delays, repeats and breaks off. */
export class Call {
  readonly #network: Network;
  readonly #request: Request;
  readonly #fault: CallFault | undefined;
  readonly #name: string;
  #settled = false;
  #resolve!: (outcomes: Outcomes) => void;
  #reject!: (error: Error) => void;
  #forget!: () => void;

  constructor(network: Network, request: Request, number: number) {
    const { scheduler, faults, trace } = network;
    this.#network = network;
    this.#request = request;
    this.#fault = request.to.downUntil > scheduler.now ? 'refused connection' : faults.ofCall(request.operation);
    this.#name = `${request.from.name} > ${request.to.name} ${request.operation} #${number}`;
    trace?.(`${this.#name}${this.#fault ? ` (${this.#fault})` : ''}`);
  }

  send(): Promise<Outcomes> {
    const { scheduler, faults, failures, deadline } = this.#network;
    const { from, to } = this.#request;
    const answer = new Promise<Outcomes>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const cancel = scheduler.after(deadline, () => this.#fail(new Error('timeout')), from);
    const connected = to.onRestart(() => {
      this.#failSoon(faults.way(2) === 0 ? new failures.ConnectionReset('reset') : new Error('broken'));
    });
    this.#forget = () => {
      cancel();
      connected();
    };
    if (this.#fault === 'refused connection') this.#failSoon(new failures.NotExecuted(this.#fault));
    if (this.#fault === 'reset') this.#failSoon(new failures.ConnectionReset(this.#fault));
    if (this.#fault === 'bare 503') this.#failSoon(new Error(this.#fault));
    const at = arrival(this.#fault, faults);
    const answers = this.#fault === undefined || delays.includes(this.#fault);
    if (at !== null) this.#deliver(at, { answers });
    return answer;
  }

  /** What is delivered again answers nobody. */
  #deliver(ms: number, { answers }: { answers: boolean }): void {
    const { scheduler, faults, failures, executed } = this.#network;
    const { to, operation, items } = this.#request;
    const { life } = to;
    const lostInRestart = faults.way(2) === 0;
    scheduler.after(ms, () => {
      if (to.life !== life && lostInRestart) return;
      const arrived = scheduler.now;
      const done = (outcomes: Outcomes) => {
        executed(operation, items, outcomes, arrived);
        this.#answer(outcomes, answers);
      };
      // certain, and not repeated
      const refused = () => answers && this.#failSoon(new failures.NotExecuted('a lock was held for too long'));
      to.execute(operation, items, { done, refused });
    });
  }

  #answer(outcomes: Outcomes, answers: boolean): void {
    const { scheduler, faults, trace } = this.#network;
    trace?.(`${this.#name} executed: ${outcomes.map(({ outcome }) => outcome).join(', ')}`);
    if (answers) {
      const ms = this.#fault === 'late answer' ? faults.lateness() : faults.delay();
      scheduler.after(ms, () => this.#settle(() => this.#resolve(outcomes)), this.#request.from);
    }
    // what was refused, and the caller may hear of it, is not repeated
    if (answers && outcomes.some(({ outcome }) => refusals.includes(outcome))) return;
    if (faults.strikes('repeat')) this.#deliver(faults.lateness(), { answers: false });
  }

  #failSoon(error: Error): void {
    this.#network.scheduler.after(this.#network.faults.delay(), () => this.#fail(error), this.#request.from);
  }

  #fail(error: Error): void {
    this.#settle(() => this.#reject(error));
  }

  #settle(settle: () => void): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#forget();
    settle();
  }
}

/** When a request arrives, in milliseconds from now; null where it never does. */
function arrival(fault: CallFault | undefined, faults: Faults): number | null {
  if (fault === 'lost request' || fault === 'refused connection') return null;
  if (fault === 'slow request') return faults.slowness();
  if (fault === 'late request') return faults.lateness();
  // nobody knows
  if (fault === 'reset' || fault === 'bare 503')
    return [null, faults.delay(), faults.lateness()][faults.way(3)] ?? null;
  return faults.delay();
}

import { NotExecuted, Unknown } from '../../outcome.ts';
import type { Call } from '../../remote.ts';
import type { CopyNode } from './copyNode.ts';
import type { CallFault, Faults } from './faults.ts';
import type { Host, Scheduler } from './scheduler.ts';
import { times } from './times.ts';

type Outcomes = { outcome: string }[];

interface NetworkParts {
  scheduler: Scheduler;
  faults: Faults;
  trace: ((event: string) => void) | undefined;
  /** Called after a batch was committed that had arrived at that time. */
  executed: (operation: string, items: object[], outcomes: Outcomes, arrived: number) => void;
}

interface Request {
  from: Host & { name: string };
  to: CopyNode;
  operation: string;
  items: object[];
}

interface Response {
  status: number;
  body: unknown;
}

export interface Network {
  /** Makes the way from a gateway to an owner service. */
  connect: (from: Host & { name: string }, to: CopyNode) => Call;
}

/** A network that loses, delays and repeats requests, and breaks connections. */
export function createNetwork(parts: NetworkParts): Network {
  let count = 0;
  return {
    connect: (from, to) => (operation, body) =>
      new Exchange(parts, { from, to, operation, items: body.items }, ++count).send(),
  };
}

/** When a caller gives up by itself: after the gateway has. */
const timeoutMs = times.callMs + 50;

/** Faults in spite of which the caller may be answered. */
const delays: readonly CallFault[] = ['slow request', 'late request', 'late answer'];

const refusals = ['entity_not_found', 'expired', 'entity_locked', 'limit_reached'];

/** One request, and its answer. */
class Exchange {
  readonly #network: NetworkParts;
  readonly #request: Request;
  readonly #fault: CallFault | undefined;
  readonly #name: string;
  #ended = false;
  #resolve!: (response: Response) => void;
  #reject!: (error: Error) => void;
  #forget!: () => void;

  constructor(network: NetworkParts, request: Request, number: number) {
    const { scheduler, faults, trace } = network;
    this.#network = network;
    this.#request = request;
    this.#fault = request.to.downUntil > scheduler.now ? 'refused connection' : faults.ofCall(request.operation);
    this.#name = `${request.from.name} > ${request.to.name} ${request.operation} #${number}`;
    trace?.(`${this.#name}${this.#fault ? ` (${this.#fault})` : ''}`);
  }

  send(): Promise<Response> {
    const { scheduler, faults } = this.#network;
    const { from, to } = this.#request;
    const response = new Promise<Response>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const cancel = scheduler.after(timeoutMs, () => this.#fail(new Unknown('timeout')), from);
    const connected = to.onRestart(() => {
      this.#failSoon(faults.way(2) === 0 ? new Unknown('reset', { wasReset: true }) : new Unknown('broken'));
    });
    this.#forget = () => {
      cancel();
      connected();
    };
    if (this.#fault === 'refused connection') this.#failSoon(new NotExecuted(this.#fault));
    if (this.#fault === 'reset') this.#failSoon(new Unknown(this.#fault, { wasReset: true }));
    // of a proxy
    if (this.#fault === 'bare 503') this.#answerSoon({ status: 503, body: {} });
    const at = arrival(this.#fault, faults);
    const answers = this.#fault === undefined || delays.includes(this.#fault);
    if (at !== null) this.#deliver(at, { answers });
    return response;
  }

  /** A repeated delivery answers nobody. */
  #deliver(ms: number, { answers }: { answers: boolean }): void {
    const { scheduler, faults, executed } = this.#network;
    const { to, operation, items } = this.#request;
    const { life } = to;
    const lostInRestart = faults.way(2) === 0;
    scheduler.after(ms, () => {
      if (to.life !== life && lostInRestart) return;
      const arrived = scheduler.now;
      const done = (outcomes: Outcomes) => {
        executed(operation, items, outcomes, arrived);
        this.#executed(outcomes, answers);
      };
      // certain, and not repeated
      const refused = () =>
        answers && this.#answerSoon({ status: 503, body: { code: 'not_executed', detail: 'a lock was not free' } });
      to.execute(operation, items, { done, refused });
    });
  }

  #executed(outcomes: Outcomes, answers: boolean): void {
    const { scheduler, faults, trace } = this.#network;
    trace?.(`${this.#name} executed: ${outcomes.map(({ outcome }) => outcome).join(', ')}`);
    if (answers) {
      const ms = this.#fault === 'late answer' ? faults.lateness() : faults.delay();
      const response = { status: 200, body: { outcomes } };
      scheduler.after(ms, () => this.#end(() => this.#resolve(response)), this.#request.from);
    }
    // a refusal that the caller may hear of is not repeated
    if (answers && outcomes.some(({ outcome }) => refusals.includes(outcome))) return;
    if (faults.strikes('repeat')) this.#deliver(faults.lateness(), { answers: false });
  }

  #answerSoon(response: Response): void {
    const { scheduler, faults } = this.#network;
    scheduler.after(faults.delay(), () => this.#end(() => this.#resolve(response)), this.#request.from);
  }

  #failSoon(error: Error): void {
    this.#network.scheduler.after(this.#network.faults.delay(), () => this.#fail(error), this.#request.from);
  }

  #fail(error: Error): void {
    this.#end(() => this.#reject(error));
  }

  #end(end: () => void): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#forget();
    end();
  }
}

/** Gives when a request arrives, in milliseconds from now; null if it never does. */
function arrival(fault: CallFault | undefined, faults: Faults): number | null {
  if (fault === 'lost request' || fault === 'refused connection') return null;
  if (fault === 'slow request') return faults.slowness();
  if (fault === 'late request') return faults.lateness();
  // nobody knows
  if (fault === 'reset' || fault === 'bare 503')
    return [null, faults.delay(), faults.lateness()][faults.way(3)] ?? null;
  return faults.delay();
}

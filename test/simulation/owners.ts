import type { Fault, Faults } from './faults.ts';
import type { MemoryCopy, Statement } from './owner/copy.ts';
import type { Scheduler } from './scheduler.ts';

export type Batch = (items: never) => Statement<{ outcome: string }>;

/** A service with its database: what it has begun it loses when it restarts, what it has committed it keeps. */
export class OwnerNode {
  readonly name: 'author' | 'conference';
  readonly copy: MemoryCopy<{ id: string }>;
  /** Grows with each restart. */
  life = 0;
  downUntil = 0;
  /** Whether it purges marks, each as early as it may; they are kept for ever where not. */
  readonly purges: boolean;
  readonly #operations: Record<string, Batch>;
  readonly #scheduler: Scheduler;
  readonly #faults: Faults;
  readonly #rollbacks = new Set<() => void>();
  readonly #broken = new Set<() => void>();

  constructor(
    { name, copy, operations }: { name: 'author' | 'conference'; copy: MemoryCopy<{ id: string }>; operations: object },
    { scheduler, faults, purges }: { scheduler: Scheduler; faults: Faults; purges: boolean },
  ) {
    this.name = name;
    this.copy = copy;
    this.purges = purges;
    this.#operations = operations as Record<string, Batch>;
    this.#scheduler = scheduler;
    this.#faults = faults;
  }

  /** Executes a batch; `done` is called when it is committed, never if a restart comes before. */
  execute(operation: string, items: object[], done: (outcomes: { outcome: string }[]) => void): void {
    if (this.purges) this.copy.purge();
    if (this.#faults.strikes('busy')) this.#lock(items);
    const statement = this.#operations[operation]?.(items as never);
    if (!statement) throw new Error(`no operation ${operation}`);
    this.carryOut(statement, 'slow statement', () => done(statement.outcomes));
  }

  carryOut(statement: Statement<unknown>, slow: Fault | null, done: () => void): void {
    const finish = () => {
      statement.commit();
      done();
    };
    if (slow && !this.#faults.strikes(slow)) {
      finish();
      return;
    }
    const cancel = this.#scheduler.after(1 + this.#faults.delay(), () => {
      this.#rollbacks.delete(abort);
      finish();
    });
    const abort = () => {
      cancel();
      statement.rollback();
    };
    this.#rollbacks.add(abort);
  }

  /** Somebody begins to delete what is asked for, and thinks better of it. */
  #lock(items: object[]): void {
    const id = (items[0] as Record<string, string> | undefined)?.[this.copy.owned];
    const deletion = id === undefined ? undefined : this.copy.beginDelete(id);
    if (deletion) this.carryOut({ ...deletion, commit: deletion.rollback }, null, () => undefined);
  }

  restart(): void {
    this.life++;
    this.downUntil = this.#scheduler.now + this.#faults.way(60);
    for (const abort of this.#rollbacks) abort();
    this.#rollbacks.clear();
    for (const breaks of this.#broken) breaks();
    this.#broken.clear();
  }

  /** Calls back once when a restart breaks the connections. @returns what forgets it */
  onRestart(breaks: () => void): () => void {
    this.#broken.add(breaks);
    return () => void this.#broken.delete(breaks);
  }
}

/** As a client of the owner does, that its deletion may be lost or late; `done` is called unless the answer is lost. */
export function deleteEntity(node: OwnerNode, id: string, { scheduler, faults, committed, done }: DeleteParts): void {
  const answers = !faults.strikes('lost answer');
  const answer = (outcome: 'done' | 'missing') => {
    if (answers) scheduler.after(faults.delay(), () => done(outcome));
  };
  if (faults.strikes('lost request')) return;
  const { life } = node;
  const attempt = () => {
    if (node.life !== life) return;
    if (!node.copy.entities.has(id)) return answer('missing');
    const statement = node.copy.beginDelete(id);
    // others hold the row
    if (!statement) return void scheduler.after(1 + faults.delay(), attempt);
    node.carryOut(statement, null, () => {
      committed();
      answer('done');
    });
  };
  scheduler.after(faults.strikes('late request') ? faults.lateness() : faults.delay(), attempt);
}

interface DeleteParts {
  scheduler: Scheduler;
  faults: Faults;
  committed: () => void;
  done: (outcome: 'done' | 'missing') => void;
}

import { createTimes } from '@attendance/common/times';
import type { Faults } from './faults.ts';
import type { MemoryCopy, Statement } from './owner/copy.ts';
import { nothing } from './owner/statements.ts';
import type { Scheduler } from './scheduler.ts';

const times = createTimes();

interface Executed {
  done: (outcomes: { outcome: string }[]) => void;
  refused: () => void;
}

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
  /** Ends the commits that hang until a reconciler has looked. */
  readonly #hanging = new Set<() => void>();

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

  /**
   * Executes a batch; `done` is called when it is committed, `refused` when it had to wait too long for a lock, neither
   * if a restart comes before.
   */
  execute(operation: string, items: object[], { done, refused }: Executed): void {
    if (this.purges) this.copy.purge();
    if (this.#faults.strikes('busy')) this.#lock(items);
    const statement = this.#operations[operation]?.(items as never);
    if (!statement) throw new Error(`no operation ${operation}`);
    if (this.copy.isLocked(statement.changes))
      this.carryOut({ ...statement, commit: statement.rollback }, { ms: times.statement, done: refused });
    else if (statement.changes.length > 0 && this.#faults.strikes('hanging commit'))
      this.#hang(statement, () => done(statement.outcomes));
    else {
      const slow = this.#faults.strikes('slow statement');
      this.carryOut(statement, { ms: slow ? 1 + this.#faults.delay() : 0, done: () => done(statement.outcomes) });
    }
    if (operation === 'readClaims') for (const end of this.#hanging) this.#scheduler.after(this.#faults.delay(), end);
  }

  /** @returns what ends it before its time */
  carryOut(statement: Statement<unknown>, { ms, done }: { ms: number; done: () => void }): () => void {
    if (ms === 0) {
      statement.commit();
      done();
      return nothing;
    }
    const abort = () => {
      cancel();
      statement.rollback();
    };
    const finish = () => {
      cancel();
      this.#rollbacks.delete(abort);
      statement.commit();
      done();
    };
    this.#rollbacks.add(abort);
    const cancel = this.#scheduler.after(ms, finish);
    return finish;
  }

  /** Nobody sees what it changed before it is committed, and whoever changes the same has to wait. */
  #hang(statement: Statement<unknown>, done: () => void): void {
    const close = this.copy.open(statement);
    const closed = (end: () => void) => () => {
      this.#hanging.delete(finish);
      close();
      end();
    };
    const hanging = { ...statement, commit: closed(statement.commit), rollback: closed(statement.rollback) };
    const end = this.carryOut(hanging, { ms: 1 + this.#faults.lateness(), done });
    const finish = () => this.#hanging.has(finish) && end();
    if (this.#faults.way(2) === 0) this.#hanging.add(finish);
  }

  /** Somebody begins to delete what is asked for, and thinks better of it. */
  #lock(items: object[]): void {
    const id = (items[0] as Record<string, string> | undefined)?.[this.copy.owned];
    const deletion = id === undefined ? undefined : this.copy.beginDelete(id);
    const ms = 1 + this.#faults.delay();
    if (deletion) this.carryOut({ ...deletion, commit: deletion.rollback }, { ms, done: nothing });
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
  const attempt = (until: number) => {
    if (node.life !== life) return;
    if (!node.copy.entities.has(id)) return answer('missing');
    const statement = node.copy.beginDelete(id);
    if (statement) {
      const done = () => {
        committed();
        answer('done');
      };
      node.carryOut(statement, { ms: 1 + faults.delay(), done });
    } else if (scheduler.now < until) {
      // others hold the row
      scheduler.after(1 + faults.delay(), () => attempt(until));
    }
  };
  const late = faults.strikes('late request') ? faults.lateness() : faults.delay();
  scheduler.after(late, () => attempt(scheduler.now + times.statement));
}

interface DeleteParts {
  scheduler: Scheduler;
  faults: Faults;
  committed: () => void;
  done: (outcome: 'done' | 'missing') => void;
}

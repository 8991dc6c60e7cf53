import type { MemoryCopy, Statement } from '../memory/memoryCopy.ts';
import { nothing } from '../memory/statements.ts';
import type { Named } from './clientList.ts';
import type { Faults } from './faults.ts';
import type { Scheduler } from './scheduler.ts';
import type { Begin } from './system.ts';
import { times } from './times.ts';

interface Executed {
  done: (outcomes: { outcome: string }[]) => void;
  refused: () => void;
}

interface NodeParts {
  scheduler: Scheduler;
  faults: Faults;
  purges: boolean;
  marks: boolean;
}

/** An owner service with its database. A restart loses the statements that it has begun, and keeps those committed. */
export class CopyNode {
  /** What the side's entities are called. */
  readonly name: string;
  readonly copy: MemoryCopy<Named>;
  /** Grows with each restart. */
  life = 0;
  downUntil = 0;
  /** Whether it purges tombstones, each as early as it may, and claims of marked entities; if not, they stay. */
  readonly purges: boolean;
  /** Whether it marks an entity that is deleted; if not, it deletes the entity with all its claims at once. */
  readonly marks: boolean;
  /** The ids of all entities that it has marked, as the judge knows them. */
  readonly everMarked = new Set<string>();
  readonly #statements: Record<string, Begin>;
  readonly #scheduler: Scheduler;
  readonly #faults: Faults;
  readonly #rollbacks = new Set<() => void>();
  readonly #broken = new Set<() => void>();
  /** Functions that end the commits that hang until a reconciler has read. */
  readonly #hanging = new Set<() => void>();

  constructor(
    { name, copy, statements }: { name: string; copy: MemoryCopy<Named>; statements: Record<string, Begin> },
    { scheduler, faults, purges, marks }: NodeParts,
  ) {
    this.name = name;
    this.copy = copy;
    this.purges = purges;
    this.marks = marks;
    this.#statements = statements;
    this.#scheduler = scheduler;
    this.#faults = faults;
  }

  /**
   * Executes a batch. `done` is called when it is committed, `refused` when it has waited too long for a lock, neither
   * if a restart comes before.
   */
  execute(operation: string, items: object[], { done, refused }: Executed): void {
    if (this.purges) {
      this.copy.purge();
      this.copy.purgeMarked(1 + this.#faults.way(3));
    }
    if (this.#faults.strikes('entity lock')) this.#lock(items);
    const statement = this.#statements[operation]?.(items as never);
    if (!statement) throw new Error(`no operation ${operation}`);
    if (this.copy.isLocked(statement.changes))
      this.carryOut({ ...statement, commit: statement.rollback }, { ms: times.statementMs, done: refused });
    else if (statement.changes.length > 0 && this.#faults.strikes('hanging commit'))
      this.#hang(statement, () => done(statement.outcomes));
    else {
      const slow = this.#faults.strikes('slow statement');
      this.carryOut(statement, { ms: slow ? 1 + this.#faults.delay() : 0, done: () => done(statement.outcomes) });
    }
    if (operation === 'readClaims') for (const end of this.#hanging) this.#scheduler.after(this.#faults.delay(), end);
  }

  /** Commits a statement after so many milliseconds. @returns a function that commits it at once */
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

  /** Nobody sees its changes before it is committed, and statements that change the same claims have to wait. */
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

  /** A client begins to delete the entity of the first item, and rolls back. */
  #lock(items: object[]): void {
    const id = (items[0] as Record<string, string> | undefined)?.[this.copy.own];
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

  /** Calls back once when a restart breaks the connections. @returns a function that prevents it */
  onRestart(breaks: () => void): () => void {
    this.#broken.add(breaks);
    return () => void this.#broken.delete(breaks);
  }
}

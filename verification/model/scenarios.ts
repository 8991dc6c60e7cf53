import { mostOperations } from './judge.ts';

const kinds = ['add', 'remove', 'read', 'delete', 'reconcile', 'grace'] as const;

/** What is done: by clients; by a reconciler; by time, that more than the grace period passes. */
export type Kind = (typeof kinds)[number];

export interface Scenario {
  readonly name: string;
  /** Whether both copies hold claim 0 when it begins. */
  readonly initially: 'absent' | 'present';
  readonly kinds: readonly Kind[];
  /** Who does it: each does one after the other. */
  readonly actors: readonly number[];
  /** The number of the claim that each makes, in the order of their ids; 0, which was there before, for all but adds. */
  readonly claims: readonly number[];
}

/** @param name such as `present: remove | add, read`, what each actor does after what the pair is at first */
export function scenario(name: string): Scenario {
  const [initially, all = ''] = name.split(': ');
  const actors = all.split(' | ').map((one) => one.split(', '));
  const operations = actors.flatMap((one, actor) => one.map((kind) => ({ kind: kind as Kind, actor })));
  if (initially !== 'absent' && initially !== 'present') throw new Error(`${name}: absent or present at first?`);
  if (operations.length > mostOperations) throw new Error(`${name}: too long`);
  for (const { kind } of operations) if (!kinds.includes(kind)) throw new Error(`${name}: what is "${kind}"?`);
  return {
    name,
    initially,
    kinds: operations.map(({ kind }) => kind),
    actors: operations.map(({ actor }) => actor),
    claims: operations.map(({ kind }, i) => (kind === 'add' ? numberAt(i) : 0)),
  };

  function numberAt(operation: number): number {
    return operations.slice(0, operation + 1).filter(({ kind }) => kind === 'add').length;
  }
}

/** The operation that its actor does before this one; null where it is the first. */
export function before({ actors }: Scenario, operation: number): number | null {
  return operation > 0 && actors[operation - 1] === actors[operation] ? operation - 1 : null;
}

/** Those in which something breaks when a rule or an assumption is taken away. */
export const breakable = {
  'a row is a claim, not the pair': 'present: add, read',
  'read both copies': 'absent: add | read, read',
  'unknown is not undone': 'absent: add, read',
  'a refused repeat is unknown': 'absent: add, read',
  'a surplus claim stays': 'present: remove | add | read, read',
  'a remove retires only what it saw': 'present: remove, add, read',
  'retired stays retired': 'absent: add, remove, read',
  'adds expire': 'absent: add, remove, read | grace',
  'reads expire': 'absent: add, grace, reconcile | add | read',
  'removes expire': 'present: remove, read, read | add, grace, reconcile',
  'reconciler waits for grace': 'absent: add, read | reconcile',
  'reconciler fixes first what is old': 'absent: add, read | grace | reconcile',
  'grace counts from the oldest open transaction': 'absent: add, read, read | grace, reconcile',
  'reconciler drops, never restores': 'present: remove, read | grace, reconcile',
  'compaction keeps the smallest': 'present: add, grace, reconcile | reconcile | read',
  'compaction waits': 'absent: add, grace, reconcile | add | read',
  'clocks agree': 'absent: add, remove, read | grace',
  'databases keep what they committed': 'absent: add, read',
  'a refused request is not repeated': 'absent: add, read',
  'the first answer counts': 'absent: add, read',
} as const;

/** Larger ones, each for a combination that the arrangements below are too small for. */
const larger = [
  'absent: add | add | remove | read, read',
  'present: remove, add | remove | read, read',
  'present: remove, remove | add, read | read',
  'present: remove | add, grace, reconcile | delete, read',
  'absent: add | add, read | grace | reconcile | reconcile',
];

const all: readonly Kind[] = ['add', 'remove', 'read', 'delete'];
const withoutReconciler = [...arrangements(2, all), ...arrangements(3, all)];
const withReconciler = [...arrangements(2, all), ...arrangements(3, ['add', 'remove', 'read']).filter(isRead)];

/** Small enough to be explored whenever the tests run. */
export const tiny = arrangements(2, all).map(scenario);

/** Those that break without one of the rules, too. */
export const few = unique(Object.values(breakable), arrangements(2, all)).map(scenario);

/** All. */
export const many = unique(
  few.map(({ name }) => name),
  withoutReconciler,
  withReconciler.map((name) => `${name} | grace, reconcile`),
  larger,
).map(scenario);

function unique(...names: string[][]): string[] {
  return [...new Set(names.flat())];
}

function isRead(name: string): boolean {
  return name.includes('read');
}

/** Every way in which clients can do so many operations, an entity being deleted once at most. */
function arrangements(operations: number, of: readonly Kind[]): string[] {
  return splits(operations, of)
    .map((clients) => clients.join(' | '))
    .filter((all) => all.split('delete').length <= 2)
    .flatMap((all) => [`absent: ${all}`, `present: ${all}`]);
}

/** The sets of sequences of so many operations altogether; in order, so that none comes twice. */
function splits(operations: number, of: readonly Kind[], most = ''): string[][] {
  if (operations === 0) return [[]];
  return Array.from({ length: operations }, (_, i) => operations - i).flatMap((length) =>
    sequences(length, of).flatMap((sequence) => {
      const order = `${String(mostOperations - length)}${sequence}`;
      if (order < most) return [];
      return splits(operations - length, of, order).map((others) => [sequence, ...others]);
    }),
  );
}

function sequences(length: number, of: readonly Kind[]): string[] {
  if (length === 1) return [...of];
  return sequences(length - 1, of).flatMap((sequence) => of.map((kind) => `${sequence}, ${kind}`));
}

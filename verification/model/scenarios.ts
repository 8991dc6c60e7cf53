/** The operations of clients, a scan of a reconciler, and the passing of more than the grace period. */
const kinds = ['add', 'remove', 'read', 'delete', 'reconcile', 'grace'] as const;

/** The most operations whose flags fit into an explanation of the checker. */
const maxOperations = 9;

export type Kind = (typeof kinds)[number];

export interface Scenario {
  readonly name: string;
  /** Whether both copies hold claim 0 at first. */
  readonly initially: 'absent' | 'present';
  readonly kinds: readonly Kind[];
  /** The actor of each operation. An actor does one operation after the other. */
  readonly actors: readonly number[];
  /** The number of the claim that each add makes, in the order of ids; 0 for all other operations. */
  readonly claims: readonly number[];
}

/**
 * Parses a scenario.
 * @param name the state of the pair at first, then what each actor does, such as `present: remove | add, read`
 */
export function parseScenario(name: string): Scenario {
  const [initially, all = ''] = name.split(': ');
  const actors = all.split(' | ').map((one) => one.split(', '));
  const operations = actors.flatMap((one, actor) => one.map((kind) => ({ kind: kind as Kind, actor })));
  if (initially !== 'absent' && initially !== 'present')
    throw new Error(`scenario "${name}" must begin with "absent: " or "present: "`);
  if (operations.length > maxOperations)
    throw new Error(`scenario "${name}" has more than ${maxOperations} operations`);
  for (const { kind } of operations)
    if (!kinds.includes(kind)) throw new Error(`scenario "${name}" has an unknown operation "${kind}"`);
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

/** Returns the previous operation of the same actor; null if there is none. */
export function before({ actors }: Scenario, operation: number): number | null {
  return operation > 0 && actors[operation - 1] === actors[operation] ? operation - 1 : null;
}

/** For each rule and assumption, a scenario that has a broken history without it. */
export const scenarioWithout = {
  'a row is a claim, not the pair': 'present: add, read',
  'a read asks both copies': 'absent: add | read, read',
  'an unknown outcome is not undone': 'absent: add, read',
  'a refused repeat is unknown': 'absent: add, read',
  'an add keeps its surplus claim': 'present: remove | add | read, read',
  'a remove retires only what it saw': 'present: remove, add, read',
  'a retired claim stays retired': 'absent: add, remove, read',
  'adds expire': 'absent: add, remove, read | grace',
  'reads expire': 'absent: add, grace, reconcile | add | read',
  'removes expire': 'present: remove, read, read | add, grace, reconcile',
  'the reconciler waits for the grace period': 'absent: add, read | reconcile',
  'the reconciler samples what is stable first': 'absent: add, read | grace | reconcile',
  'grace counts from the oldest open transaction': 'absent: add, read, read | grace, reconcile',
  'the reconciler never restores': 'present: remove, read | grace, reconcile',
  'compaction keeps the smallest claim': 'present: add, grace, reconcile | reconcile | read',
  'compaction waits': 'absent: add, grace, reconcile | add | read',
  'a deletion marks the entity first': 'present: delete | read, add',
  'inserts obey the mark': 'absent: delete, add',
  'reads obey the mark': 'present: delete, read',
  'clocks agree': 'absent: add, remove, read | grace',
  'databases keep what they committed': 'absent: add, read',
  'a refused request is not repeated': 'absent: add, read',
  'the first answer counts': 'absent: add, read',
} as const;

/** Scenarios with combinations of operations that are larger than the arrangements below. */
const largerScenarios = [
  'absent: add | add | remove | read, read',
  'present: remove, add | remove | read, read',
  'present: remove, remove | add, read | read',
  'present: remove | add, grace, reconcile | delete, read',
  'absent: add | add, read | grace | reconcile | reconcile',
];

const clientKinds: readonly Kind[] = ['add', 'remove', 'read', 'delete'];
const withoutReconciler = [...arrangements(2, clientKinds), ...arrangements(3, clientKinds)];
const withReconciler = [...arrangements(2, clientKinds), ...arrangements(3, ['add', 'remove', 'read']).filter(isRead)];

export const scenariosOfTwoOperations = arrangements(2, clientKinds).map(parseScenario);

/** The scenarios of two operations, and those that break without a rule or an assumption. */
export const testedScenarios = unique(Object.values(scenarioWithout), arrangements(2, clientKinds)).map(parseScenario);

export const allScenarios = unique(
  testedScenarios.map(({ name }) => name),
  withoutReconciler,
  withReconciler.map((name) => `${name} | grace, reconcile`),
  largerScenarios,
).map(parseScenario);

function unique(...names: string[][]): string[] {
  return [...new Set(names.flat())];
}

function isRead(name: string): boolean {
  return name.includes('read');
}

/** Returns every way in which clients can do this many operations, with one deletion at most. */
function arrangements(operations: number, of: readonly Kind[]): string[] {
  return splits(operations, of)
    .map((clients) => clients.join(' | '))
    .filter((all) => all.split('delete').length <= 2)
    .flatMap((all) => [`absent: ${all}`, `present: ${all}`]);
}

/** Returns the sets of sequences that have this many operations altogether, in order, so that none comes twice. */
function splits(operations: number, of: readonly Kind[], most = ''): string[][] {
  if (operations === 0) return [[]];
  return Array.from({ length: operations }, (_, i) => operations - i).flatMap((length) =>
    sequences(length, of).flatMap((sequence) => {
      const order = `${String(maxOperations - length)}${sequence}`;
      if (order < most) return [];
      return splits(operations - length, of, order).map((others) => [sequence, ...others]);
    }),
  );
}

function sequences(length: number, of: readonly Kind[]): string[] {
  if (length === 1) return [...of];
  return sequences(length - 1, of).flatMap((sequence) => of.map((kind) => `${sequence}, ${kind}`));
}

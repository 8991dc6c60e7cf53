import type { Kind, Operation, Outcome } from './operation.ts';

/** The states of a pair. `gone`, because one of its entities was deleted, is final. */
export type State = 'present' | 'absent' | 'gone';

/** Whether a history can be explained; if not, where that shows first. */
export type Verdict =
  | { ok: true }
  | {
      ok: false;
      /** The first operation, by its end, that no order explains. */
      failed: Operation;
      /** The operations that had begun when it ended. They have no explanation, whatever came later. */
      prefix: Operation[];
      explanation: string;
    };

/**
 * A set of orders in which the operations so far may have taken effect, as far as it matters for the rest.
 * `lastIn` says when (on the event clock) the pair last was in a state that it is not in any more.
 */
interface Configuration {
  state: State;
  lastIn: Record<State, number>;
  /** The open operations that have changed the state already. */
  spent: ReadonlySet<Operation>;
}

const effects: { kind: Kind; from: State[]; to: State }[] = [
  { kind: 'add', from: ['absent'], to: 'present' },
  { kind: 'remove', from: ['present'], to: 'absent' },
  { kind: 'delete', from: ['present', 'absent'], to: 'gone' },
];

/**
 * Checks whether the history of one pair is linearizable: whether there is a moment for each operation, between its
 * start and its end (any time after its start, or never, if its outcome is unknown), so that in the order of those
 * moments the answers are those of a register that is present, absent or gone. A remove that is done saw the pair
 * present. At its moment the pair ceases to be present: by the remove itself, or by another remove or a deletion that
 * it meets at the same moment.
 *
 * Source: Wing and Gong, "Testing and Verifying Concurrent Objects" (1993), in the form of Lowe, "Testing for
 * linearizability" (2017): just-in-time linearization, which goes through the history once, keeps the set of
 * configurations that explain it so far, and lets operations take effect only when one is about to return. A register
 * of so few states allows more. An operation that does not change the state (a read, or an add of a present pair) may
 * take effect at any moment at which its state holds, and a remove that meets another one at any moment at which the
 * state ceases to be present. So a configuration only has to know when it was in each state last. Of several open
 * operations with the same effect the one that ends first is used, since they may be exchanged in any explanation. A
 * configuration is forgotten if another one can do all that it can.
 *
 * @param operations of one pair, in any order; of two with the same time, a start is before an end
 */
export function checkPair(operations: readonly Operation[], initial: State = 'absent'): Verdict {
  const events = timeline(operations);
  const started = new Map<Operation, number>();
  const open: Operation[] = []; // by end, so that the first is the one to use
  let configurations: Configuration[] = [
    { state: initial, lastIn: { present: -1, absent: -1, gone: -1 }, spent: new Set() },
  ];

  for (const [now, { operation, ends }] of events.entries()) {
    if (!ends) {
      started.set(operation, now);
      open.splice(open.findLastIndex((other) => deadline(other) <= deadline(operation)) + 1, 0, operation);
      continue;
    }
    const since = started.get(operation) ?? now;
    const oldest = open.reduce(
      (least, other) => (mustHold(other) ? Math.min(least, started.get(other) ?? now) : least),
      now,
    );
    configurations = reachable(configurations, open, now, oldest)
      .filter((configuration) => isTrue(operation, configuration, since))
      .map((configuration) => without(configuration, operation));
    open.splice(open.indexOf(operation), 1);
    if (configurations.length === 0) return failure(operation, operations);
  }
  return { ok: true };
}

/** Orders the starts and ends of operations. One that is refused proves nothing; an unknown one never ends. */
function timeline(operations: readonly Operation[]): { operation: Operation; time: number; ends: boolean }[] {
  return operations
    .filter(({ outcome }) => outcome !== 'refused')
    .filter((operation) => mustHold(operation) || operation.kind !== 'read')
    .flatMap((operation) => [
      { operation, time: operation.start, ends: false },
      ...(mustHold(operation) ? [{ operation, time: deadline(operation), ends: true }] : []),
    ])
    .sort((a, b) => a.time - b.time || Number(a.ends) - Number(b.ends));
}

function mustHold({ outcome }: Operation): boolean {
  return outcome !== 'unknown';
}

function deadline(operation: Operation): number {
  return mustHold(operation) ? (operation.end ?? Infinity) : Infinity;
}

/** Whether the answer of an operation was true at some moment since it began, its own effect included. */
function isTrue({ kind, outcome }: Operation, { state, lastIn }: Configuration, since: number): boolean {
  const held = (one: State) => one === state || lastIn[one] >= since;
  if (outcome !== 'done') return seen[outcome].some(held);
  return kind === 'remove' ? lastIn.present >= since : afterDone[kind].some(held);
}

const afterDone: Record<Exclude<Kind, 'remove'>, State[]> = {
  add: ['present'],
  delete: ['gone'],
  read: [],
};

const seen: Record<Exclude<Outcome, 'done'>, State[]> = {
  present: ['present'],
  absent: ['absent', 'gone'],
  missing: ['gone'],
  refused: ['present', 'absent', 'gone'],
  unknown: ['present', 'absent', 'gone'],
};

/** Gives the configurations, and all that the open operations can make of them at this moment. */
function reachable(from: Configuration[], open: Operation[], now: number, oldest: number): Configuration[] {
  let kept: Configuration[] = [];
  const queue = [...from];
  for (let next = queue.shift(); next; next = queue.shift()) {
    const configuration = next;
    if (kept.some((other) => covers(other, configuration, oldest))) continue;
    kept = [...kept.filter((other) => !covers(configuration, other, oldest)), configuration];
    const { state, lastIn, spent } = configuration;
    for (const { kind, from: before, to } of effects) {
      if (!before.includes(state)) continue;
      const used = open.find((other) => other.kind === kind && changes(other) && !spent.has(other));
      if (used) queue.push({ state: to, lastIn: { ...lastIn, [state]: now }, spent: new Set(spent).add(used) });
    }
  }
  return kept;
}

function changes({ outcome }: Operation): boolean {
  return outcome === 'done' || outcome === 'unknown';
}

/**
 * Whether `a` can do all that `b` can. No open operation needs a state that ceased before `oldest`. It matters only for
 * the state `present` when it ceased before it held again, since removes depend on that.
 */
function covers(a: Configuration, b: Configuration, oldest: number): boolean {
  if (a.state !== b.state || a.spent.size > b.spent.size) return false;
  for (const state of ['present', 'absent', 'gone'] as const) {
    const matters = state !== a.state || state === 'present';
    if (matters && a.lastIn[state] < b.lastIn[state] && b.lastIn[state] >= oldest) return false;
  }
  for (const operation of a.spent) if (!b.spent.has(operation)) return false;
  return true;
}

function without(configuration: Configuration, operation: Operation): Configuration {
  if (!configuration.spent.has(operation)) return configuration;
  const spent = new Set(configuration.spent);
  spent.delete(operation);
  return { ...configuration, spent };
}

function failure(failed: Operation, operations: readonly Operation[]): Verdict {
  const end = deadline(failed);
  const { process, kind, outcome, start } = failed;
  return {
    ok: false,
    failed,
    prefix: operations.filter((operation) => operation.start <= end),
    explanation: `process ${process}: no order explains ${kind} ${outcome} between ${start} and ${end}`,
  };
}

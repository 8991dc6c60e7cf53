import type { Pair, Side, SideName } from '../../relation.ts';
import type { State } from '../history/checkPair.ts';
import { createMemoryCopy } from '../memory/createMemoryCopy.ts';
import type { Random } from '../random.ts';
import type { Named } from './clientList.ts';
import { CopyNode } from './copyNode.ts';
import type { Faults } from './faults.ts';
import { createIds } from './ids.ts';
import type { Plan, PlacedPair } from './plan.ts';
import type { Scheduler } from './scheduler.ts';
import type { System } from './system.ts';
import { times } from './times.ts';

/** When histories begin, in milliseconds since 1970. */
const epoch = 1_700_000_000_000;

/** A pair, and what it is when the history begins. */
export interface InitialPair extends Pair {
  initial: State;
}

export interface World extends Record<SideName, CopyNode> {
  /** The ids of each side's entities, also of those that do not exist. */
  ids: Record<SideName, string[]>;
  pairs: InitialPair[];
  createClock: () => () => number;
  /** Sets the clock of one of the databases, if this history has such a fault. */
  stepClock: () => void;
  newClaimId: (ms: number) => string;
}

interface WorldParts {
  scheduler: Scheduler;
  random: Random;
  faults: Faults;
}

/** Creates the entities and the two copies of one history. */
export function createWorld(
  system: System,
  plan: Pick<Plan, 'left' | 'right' | 'earlier'>,
  { scheduler, random, faults }: WorldParts,
): World {
  const { uuidv7, entityId } = createIds(random);
  const { clocks, createClock, stepClock } = createClocks({ scheduler, random, faults });

  function createNode(side: Side<Named>): CopyNode {
    const { copy, statements } = createMemoryCopy(side, { clock: clocks[side.side], times });
    const all = { ...statements, ...system[side.side].statements(copy) };
    const [purges, marks] = [random.below(2) === 0, random.below(4) > 0];
    return new CopyNode({ name: side.name, copy, statements: all }, { scheduler, faults, purges, marks });
  }
  const nodes = { left: createNode(system.relation.left), right: createNode(system.relation.right) };
  // in most histories the databases have been introduced before
  if (random.below(4) > 0) {
    nodes.left.copy.identity.peer = nodes.right.copy.identity.database;
    nodes.right.copy.identity.peer = nodes.left.copy.identity.database;
  }

  const createEntities = (side: SideName) =>
    Array.from({ length: plan[side] }, () => {
      const id = entityId(system.relation[side].id);
      // some have never existed
      if (random.below(40) > 0) nodes[side].copy.entities.set(id, system[side].createEntity(id));
      return id;
    });
  const ids = { left: createEntities('left'), right: createEntities('right') };
  const exist = ({ left, right }: Pair) => nodes.left.copy.entities.has(left) && nodes.right.copy.entities.has(right);
  const pairs = ids.left.flatMap((left) =>
    ids.right.map((right): InitialPair => ({ left, right, initial: exist({ left, right }) ? 'absent' : 'gone' })),
  );

  for (const { shared, half, age, ...placed } of plan.earlier) {
    const pair = findPair({ ids, pairs }, placed);
    if (!pair || pair.initial === 'gone') continue;
    if (shared > 0) pair.initial = 'present';
    const insert = (...sides: SideName[]) => {
      const claim_id = uuidv7(epoch - 6_000 - random.below(age + 1));
      const claim = { claim_id, left: pair.left, right: pair.right, retired: false };
      for (const side of sides) nodes[side].copy.claims.set(claim_id, { ...claim });
    };
    for (let i = 0; i < shared; i++) insert('left', 'right');
    for (const side of ['left', 'right'] as const) for (let i = 0; i < half[side]; i++) insert(side);
  }
  return { ...nodes, ids, pairs, createClock, stepClock, newClaimId: uuidv7 };
}

function findPair({ ids, pairs }: Pick<World, 'ids' | 'pairs'>, { left, right }: PlacedPair) {
  return pairs.find((pair) => pair.left === ids.left[left] && pair.right === ids.right[right]);
}

/** All clocks stay within the bound on skew. If one of them is set back and forth, the others are the same. */
function createClocks({ scheduler, random, faults }: WorldParts) {
  const settable = faults.has('clock step') ? (['left', 'right'] as const)[random.below(2)] : undefined;
  let step = 0;
  const createClock = () => {
    const ahead = settable === undefined ? faults.skew(times.skewMs) : 0;
    return () => epoch + scheduler.now + ahead;
  };
  const clockOf = (side: SideName) => (side === settable ? () => epoch + scheduler.now + step : createClock());
  const stepClock = () => {
    step = random.weighted([
      [1, -times.skewMs],
      [1, times.skewMs],
      [1, random.below(times.skewMs)],
    ]);
  };
  return { clocks: { left: clockOf('left'), right: clockOf('right') }, createClock, stepClock };
}

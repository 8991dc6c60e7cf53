// the tests that every copy must pass, for any test runner
export { conformance, type ConformanceTest } from './conformance/conformance.ts';
export { type PlantedClaim, type Subject } from './conformance/subject.ts';

// the simulator: the relation over copies in memory, in virtual time
export { simulate, type Simulated, type SimulationOptions } from './simulation/simulate.ts';
export { explain } from './simulation/explain.ts';
export { seedOf } from './simulation/seeds.ts';
export { allFaults, type CallFault, type Fault } from './simulation/faults.ts';
export { type Earlier, type PlacedPair, type Plan, type Step } from './simulation/plan.ts';
export { type Begin, type Extension, type SideExtension } from './simulation/system.ts';
export { type ClientList, type Named, type PageRead } from './simulation/clientList.ts';
export { type Observed, type Verdict as SimulationVerdict } from './simulation/judge.ts';

// a copy in memory
export { createMemoryCopy } from './memory/createMemoryCopy.ts';
export { type Claim, type MemoryCopy, type MemoryCopyOptions, type Statement } from './memory/memoryCopy.ts';
export { pageOf } from './memory/reads.ts';
export { atOnce, read, type Statements } from './memory/statements.ts';

// histories: what clients observed of one pair, and whether any order explains it
export { checkPair, type State, type Verdict } from './history/checkPair.ts';
export { drawHistory } from './history/drawHistory.ts';
export { type Kind, type Operation, type Outcome } from './history/operation.ts';

export { createRandom, type Random } from './random.ts';

import { digestClaims, listClaims, listSurplus } from './compare.ts';
import { dropClaims, readClaims } from './drop.ts';
import { createGiven, type Checks } from './given.ts';
import { identity } from './identity.ts';
import { insertClaims } from './insertClaims.ts';
import { listByOther, listByOwn } from './lists.ts';
import { markedEntities } from './markedEntities.ts';
import { readPairs } from './readPairs.ts';
import { retireClaims } from './retireClaims.ts';
import type { Subject } from './subject.ts';
import { whileDeleting } from './whileDeleting.ts';

/** One test of the conformance suite. */
export interface ConformanceTest {
  /** Names the operation, then what must hold. */
  title: string;
  /** Rejects with an error that says what does not hold. */
  run: () => Promise<void>;
}

// identity is the first of those that introduce the copy to a peer
const groups: Readonly<Record<string, Checks>> = {
  insertClaims,
  retireClaims,
  readPairs,
  listByOwn,
  listByOther,
  'while an entity is being deleted': whileDeleting,
  'entities that are marked as deleted': markedEntities,
  'identify and introduce': identity,
  digestClaims,
  listClaims,
  listSurplus,
  readClaims,
  dropClaims,
};

/** How far apart the claims of two tests are that must not meet. */
const apartMs = 100_000;

/**
 * Lists the tests that one side's copy must pass, for any test runner: `it(title, run)`. Run them in this order, one
 * after the other. The copy may hold other claims, and other clients may use it. Never run them against a copy that is
 * in production: they introduce it to databases that do not exist, so that the reconciler's guard trips.
 *
 * @param getSubject called when a test runs, so that the copy may be made after the tests are declared
 */
export function conformance(getSubject: () => Subject): ConformanceTest[] {
  let runs = 0;
  const run = async (check: Checks[string]) => {
    const subject = getSubject();
    runs += 1;
    await check(await createGiven(subject, 2 * subject.times.graceMs + runs * apartMs));
  };
  return Object.entries(groups).flatMap(([group, checks]) =>
    Object.entries(checks).map(([title, check]) => ({ title: `${group}: ${title}`, run: () => run(check) })),
  );
}

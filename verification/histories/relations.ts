import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from 'many-to-many/testing';

/** The relation behind a stand-in gateway. */
export interface Relation {
  /** @returns the status of the answer; 404 if an entity does not exist at the moment of the add */
  add(pair: string, exists: () => boolean): Promise<200 | 201 | 404 | 503 | 504>;
  remove(pair: string): Promise<204 | 404 | 504>;
  /** Decides whether a list by event or by author has the pair. */
  has(pair: string, direction: 'event' | 'author'): Promise<boolean>;
}

/** A bug in the add of a relation. */
export type AddBug =
  /** An add inserts into one copy only. */
  | 'crashes between the inserts'
  /** A failed add deletes the pair, also if another add has added it. */
  | 'rolls back by pair'
  /** A failed add takes effect later. */
  | 'takes effect after a refusal';

/** A correct relation: one set, which each operation changes or reads at one moment. Some answers are lost. */
export function atomicRelation(random: Random): Relation {
  const pairs = new Set<string>();
  const pause = () => sleep(random.below(3));

  /** Answers 504 one time in ten; the effect then happens, happens later, or never happens. */
  async function change<Status extends number>(effect: () => Status): Promise<Status | 504> {
    await pause();
    const lost = random.below(30);
    if (lost === 1) void sleep(5).then(effect);
    if (lost === 0) effect();
    const status = lost < 3 ? 504 : effect();
    await pause();
    return status;
  }

  return {
    add: (pair, exists) =>
      change(() => {
        if (!exists()) return 404;
        const status = pairs.has(pair) ? 200 : 201;
        pairs.add(pair);
        return status;
      }),
    remove: (pair) => change(() => (pairs.delete(pair) ? 204 : 404)),
    async has(pair) {
      await pause();
      return pairs.has(pair);
    },
  };
}

/** A relation of two copies. Without a bug it is correct; with a bug, one add in four fails. */
export function brokenRelation(random: Random, bug?: AddBug): Relation {
  const copies = { event: new Set<string>(), author: new Set<string>() };
  const pause = () => sleep(random.below(3));
  const insert = (pair: string) => Object.values(copies).forEach((copy) => copy.add(pair));
  const drop = (pair: string) => Object.values(copies).filter((copy) => copy.delete(pair)).length > 0;

  return {
    async add(pair, exists) {
      await pause();
      if (!exists()) return 404;
      if (bug === undefined || random.below(4) > 0) {
        const known = copies.author.has(pair);
        insert(pair);
        return known ? 200 : 201;
      }
      if (bug === 'crashes between the inserts') {
        copies.event.add(pair);
        return 504;
      }
      if (bug === 'rolls back by pair') {
        await pause();
        drop(pair);
        return 503;
      }
      void sleep(random.below(4)).then(() => insert(pair));
      return 503;
    },
    async remove(pair) {
      await pause();
      return drop(pair) ? 204 : 404;
    },
    async has(pair, direction) {
      await pause();
      return copies[direction].has(pair);
    },
  };
}

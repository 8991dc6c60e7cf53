import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from 'many-to-many/testing';

/** The relation behind a stand-in gateway. */
export interface Relation {
  /** @returns the status that the client gets; 404 where the pair's entities do not exist at the moment it is added */
  add(pair: string, exists: () => boolean): Promise<200 | 201 | 404 | 503 | 504>;
  remove(pair: string): Promise<204 | 404 | 504>;
  /** Whether the pair is there, asked in one of its two directions. */
  has(pair: string, direction: 'event' | 'author'): Promise<boolean>;
}

/** What is broken in the protocol that the design starts from. */
export type Fault =
  /** An add dies between its two inserts, and nobody cleans up. */
  | 'dies between the inserts'
  /** An add that fails deletes the pair, whoever added it. */
  | 'rolls back by pair'
  /** An insert that was given up lands later. */
  | 'lands after it was refused';

/** As it should be: one set, changed and read at one moment of each operation; some answers are lost. */
export function atomicRelation(random: Random): Relation {
  const pairs = new Set<string>();
  const pause = () => sleep(random.below(3));

  /** One time in ten the answer is a 504, the effect being there, late, or never. */
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

/** Two copies, changed at one moment where nothing fails; one add in four does, and then `fault` shows. */
export function brokenRelation(random: Random, fault?: Fault): Relation {
  const copies = { event: new Set<string>(), author: new Set<string>() };
  const pause = () => sleep(random.below(3));
  const insert = (pair: string) => Object.values(copies).forEach((copy) => copy.add(pair));
  const drop = (pair: string) => Object.values(copies).filter((copy) => copy.delete(pair)).length > 0;

  return {
    async add(pair, exists) {
      await pause();
      if (!exists()) return 404;
      if (fault === undefined || random.below(4) > 0) {
        const known = copies.author.has(pair);
        insert(pair);
        return known ? 200 : 201;
      }
      if (fault === 'dies between the inserts') {
        copies.event.add(pair);
        return 504;
      }
      if (fault === 'rolls back by pair') {
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

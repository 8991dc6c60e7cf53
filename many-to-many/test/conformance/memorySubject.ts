import { z } from 'zod';
import { ids, type IdKind } from '../../src/ids.ts';
import { defineRelation, type SideName } from '../../src/relation.ts';
import type { Subject } from '../../src/testing/conformance/subject.ts';
import { createMemoryCopy } from '../../src/testing/memory/createMemoryCopy.ts';
import { atOnce } from '../../src/testing/memory/statements.ts';
import { createTimes } from '../../src/times.ts';
import { newIdOf } from '../ids/newId.ts';

const times = createTimes();
/** No test waits, so the clock need not move. */
const clock = () => 1_700_000_000_000;

/** Creates a copy in memory of a relation with these kinds of ids. */
export function createMemorySubject(side: SideName, left: IdKind, right: IdKind): Subject<{ id: string }> {
  const relation = defineRelation({
    name: 'enrolment',
    left: { name: 'course', id: left, entity: z.object({ id: ids[left].schema }) },
    right: { name: 'student', id: right, entity: z.object({ id: ids[right].schema }) },
  });
  const [own, other] = side === 'left' ? [left, right] : [right, left];
  const { copy, statements } = createMemoryCopy(relation[side], { clock, times });
  return {
    copy: atOnce(statements),
    side: relation[side],
    ...{ times, clock },
    createEntity: () => {
      const id = newIdOf(own);
      copy.entities.set(id, { id });
      return Promise.resolve({ id, entity: { id } });
    },
    deleteEntity: (id) => Promise.resolve(copy.beginDelete(id)?.commit()),
    markEntity: (id) => Promise.resolve(copy.beginMark(id)?.commit()),
    whileDeleting: async (id, work) => {
      const deletion = copy.beginDelete(id)!;
      try {
        return await work();
      } finally {
        deletion.rollback();
      }
    },
    newOwnId: () => newIdOf(own),
    newOtherId: () => newIdOf(other),
    plant: (claims) => {
      for (const claim of claims) copy.claims.set(claim.claim_id, { retired: false, ...claim });
      return Promise.resolve();
    },
  };
}

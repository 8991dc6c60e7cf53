import { z } from 'zod';
import { machine } from '../../src/environment.ts';
import { uuid } from '../../src/ids.ts';
import { defineRelation, type Pair, type SideName } from '../../src/relation.ts';

const course = z.object({ id: uuid, title: z.string() });
const student = z.object({ id: uuid, name: z.string() });

type Course = z.output<typeof course>;
type Student = z.output<typeof student>;

export const enrolment = defineRelation({
  name: 'enrolment',
  left: { name: 'course', entity: course },
  right: { name: 'student', entity: student },
});

export const { newId } = machine;

export const sampleCourse = (id = newId()): Course => ({ id, title: 'Distributed systems' });
export const sampleStudent = (id = newId()): Student => ({ id, name: 'Ada Lovelace' });

export const left = sampleCourse();
export const right = sampleStudent();
export const pair: Pair = { left: left.id, right: right.id };

/** Returns the sides whose entity does not exist, for the outcomes of both copies. */
export const missingSides = (inLeft: string, inRight: string): SideName[] => [
  ...(inLeft === 'entity_not_found' ? (['left'] as const) : []),
  ...(inRight === 'entity_not_found' ? (['right'] as const) : []),
];

export const newPair = (): Pair => ({ left: newId(), right: newId() });

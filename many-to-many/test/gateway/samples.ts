import { z } from 'zod';
import { machine } from '../../src/environment.ts';
import { uuid } from '../../src/ids.ts';
import { defineRelation, type Pair } from '../../src/relation.ts';

const course = z.object({ id: uuid, title: z.string() });
const student = z.object({ id: uuid, name: z.string() });

export type Course = z.output<typeof course>;
export type Student = z.output<typeof student>;

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

export const newPair = (): Pair => ({ left: newId(), right: newId() });

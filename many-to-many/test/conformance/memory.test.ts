import { conformance } from '../../src/testing/conformance/conformance.ts';
import type { Subject } from '../../src/testing/conformance/subject.ts';
import { createMemorySubject } from './memorySubject.ts';

for (const [side, left, right] of [
  ['left', 'uuid', 'uuid'],
  ['right', 'uuid', 'uuid'],
  ['left', 'bigint', 'text'],
  ['right', 'bigint', 'text'],
] as const)
  describe(`the ${side} copy in memory, of ${left} and ${right} ids`, () => {
    let subject: Subject;
    before(() => {
      subject = createMemorySubject(side, left, right);
    });
    for (const { title, run } of conformance(() => subject)) it(title, run);
  });

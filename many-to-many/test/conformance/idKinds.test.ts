import { conformance } from '../../src/testing/conformance/conformance.ts';
import { createRegistrationCopy, type RegistrationCopy } from '../ids/registration.ts';

for (const [title, side, idColumn] of [
  ['left copy, whose ids are bigint', 'left', undefined],
  ['right copy, whose ids are text', 'right', undefined],
  // such as the ids of a table that existed before the relation
  ["right copy, whose entities have text ids in the database's collation", 'right', 'text'],
  ['right copy, whose entities have text ids in a collation of their own', 'right', 'text COLLATE "POSIX"'],
] as const)
  describe(`in PostgreSQL, the ${title}`, () => {
    let subject: RegistrationCopy;
    before(async () => {
      subject = await createRegistrationCopy(side, idColumn);
    });
    after(() => subject.close());
    for (const { title, run } of conformance(() => subject)) it(title, run);
  });

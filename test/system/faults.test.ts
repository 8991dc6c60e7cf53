import { useSystem } from '../support/system.ts';
import { describeAdds } from './faults/add.ts';
import { describeDatabase } from './faults/database.ts';
import { describeEntities } from './faults/entities.ts';
import { describeRemovesAndReads } from './faults/remove.ts';

describe('a system under faults', () => {
  const subject = useSystem();
  describeAdds(subject);
  describeRemovesAndReads(subject);
  describeEntities(subject);
  describeDatabase(subject);
});

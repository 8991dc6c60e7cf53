import { withClient } from '@attendance/common/database/client';
import { expect } from 'chai';
import { v7 } from 'uuid';
import { populate } from '../support/gateway.ts';
import { useSharedSystem } from '../support/sharedSystem.ts';

describe('a pair that has more claims than the limit', () => {
  const { system, client } = useSharedSystem();

  it('is removed in one batch with another pair', async () => {
    const { conference, event, authors } = await populate(client, { authors: 2 });
    const [author, otherAuthor] = authors.map(({ id }) => id) as [string, string];
    // concurrent batches do not see each other's claims, so a copy may accept more claims than its limit
    const claims = Array.from({ length: 40 }, () => v7());
    await withClient(system.databases.author.migrationRole, (database) =>
      database.query('INSERT INTO attendance (claim_id, author_id, event_id) SELECT unnest($1::uuid[]), $2, $3', [
        ...[claims, author, event.id],
      ]),
    );
    await withClient(system.databases.conference.migrationRole, (database) =>
      database.query(
        `INSERT INTO attendance (claim_id, author_id, event_id, conference_id) SELECT unnest($1::uuid[]), $2, $3, $4`,
        [claims, author, event.id, conference.id],
      ),
    );
    await client.addAttendance(event.id, otherAuthor);
    const removes = [author, otherAuthor].map((id) => client.removeAttendance(event.id, id));
    expect((await Promise.all(removes)).map(({ status }) => status)).to.deep.equal([204, 204]);
    expect((await client.listEventAttendance(event.id)).body!.attendees).to.deep.equal([]);
  });
});

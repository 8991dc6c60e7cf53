import { withClient } from '@attendance/common/database/client';
import { expect } from 'chai';
import { v7 } from 'uuid';
import { populate } from '../support/gateway.ts';
import { useSharedSystem } from '../support/sharedSystem.ts';

describe('a pair of more claims than a copy should take', () => {
  const { system, client } = useSharedSystem();

  it('is removed as any other, and fails no neighbour in its batch', async () => {
    const { conference, event, authors } = await populate(client, { authors: 2 });
    const [many, neighbour] = authors.map(({ id }) => id) as [string, string];
    // batches at the same time do not see each other's claims, so that a copy may take some more than its fill
    const claims = Array.from({ length: 40 }, () => v7());
    await withClient(system.databases.author.owner, (database) =>
      database.query('INSERT INTO attendance (claim_id, author_id, event_id) SELECT unnest($1::uuid[]), $2, $3', [
        ...[claims, many, event.id],
      ]),
    );
    await withClient(system.databases.conference.owner, (database) =>
      database.query(
        `INSERT INTO attendance (claim_id, author_id, event_id, conference_id) SELECT unnest($1::uuid[]), $2, $3, $4`,
        [claims, many, event.id, conference.id],
      ),
    );
    await client.addAttendance(event.id, neighbour);
    const removes = [many, neighbour].map((author) => client.removeAttendance(event.id, author));
    expect((await Promise.all(removes)).map(({ status }) => status)).to.deep.equal([204, 204]);
    expect((await client.listEventAttendance(event.id)).body!.attendees).to.deep.equal([]);
  });
});

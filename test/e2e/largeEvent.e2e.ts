import { createTimes } from '@attendance/common/times';
import { expect } from 'chai';
import { createClient } from '../support/client.ts';
import { populate } from '../support/gateway.ts';
import { uuidv7Sql } from '../support/uuidSql.ts';
import { eventually, psql, readFromPods, scaleGateway } from './support/cluster.ts';
import { createNamespace } from './support/pod.ts';
import { forward } from './support/portForward.ts';
import { expectNoFailures } from './support/traffic.ts';

const attendances = 200_000;
const rate = 100;
const { requestMs, graceMs } = createTimes();
const name = 'One of very many';

/** SQL of the id of the row with the number `n`. */
const idOf = (kind: string, ms: number) => uuidv7Sql(`${ms} + n`, `'${kind}' || n`);

describe(`an event with ${attendances} attendances`, () => {
  let event: string;
  let author: string;

  before(async () => {
    await createNamespace('elsewhere');
    const conference = await withClient(async (client) => {
      const created = await populate(client);
      event = created.event.id;
      return created.conference.id;
    });
    // no reconciler sees that one copy is filled before the other
    await scaleGateway(0);
    await plant(conference);
    await scaleGateway(1);
  });

  after(() => psql('author', `DELETE FROM authors WHERE full_name = '${name}'`));

  async function plant(conference: string): Promise<void> {
    // stable, so that the reconciler may drop them at once
    const ms = Date.now() - 2 * graceMs - attendances;
    const numbers = `generate_series(1, ${attendances}) AS n`;
    const [authorId, claimId] = [idOf('author', ms), idOf('claim', ms)];
    const claims = `SELECT ${claimId}, ${authorId}, '${event}'::uuid`;
    await psql('author', `INSERT INTO authors (id, full_name) SELECT ${authorId}, '${name}' FROM ${numbers}`);
    await psql('author', `INSERT INTO attendance (claim_id, author_id, event_id) ${claims} FROM ${numbers}`);
    await psql(
      'conference',
      `INSERT INTO attendance (claim_id, author_id, event_id, conference_id) ${claims}, '${conference}'::uuid FROM ${numbers}`,
    );
    for (const database of ['author', 'conference']) await psql(database, 'VACUUM ANALYZE attendance');
    author = await psql('author', `SELECT id FROM authors WHERE full_name = '${name}' LIMIT 1`);
  }

  it('is deleted within the deadline of a request and at once for every reader, while others are answered as ever', () =>
    expectNoFailures({ rate }, async (traffic) => {
      await withClient(async (client) => {
        expect((await client.getAttendance(event, author)).status).to.equal(200);
        const began = performance.now();
        const { status, text } = await client.deleteEvent(event);
        const tookMs = Math.round(performance.now() - began);
        process.stdout.write(`      deleted in ${tookMs} ms\n`);
        expect(status, text).to.equal(204);
        expect(tookMs).to.be.below(requestMs);
        const reads = [
          await client.getEvent(event),
          await client.getAttendance(event, author),
          await client.listEventAttendance(event),
        ];
        expect(reads.map((reply) => reply.status)).to.deep.equal([404, 404, 404]);
        expect((await client.listAuthorAttendance(author)).body?.events).to.deep.equal([]);
      });
      await traffic.waitForMore(500);
    }));

  it('is purged from its own copy, and the reconciler drops its other claims without a person', async () => {
    const count = async (database: string) =>
      Number(await psql(database, `SELECT count(*) FROM attendance WHERE event_id = '${event}' AND NOT retired`));
    await eventually(
      'the conference service has purged the claims',
      300,
      async () => (await count('conference')) === 0,
    );
    // of more than 1,000 half claims, a guarded scan drops none unless the mark of their event explains them. It rests so
    // much that all of them would take minutes
    await eventually(
      'the reconciler drops claims of the author copy',
      300,
      async () => (await count('author')) < 0.95 * attendances,
    );
    const metrics = Object.values(await readFromPods('gateway-service', 9090, '/metrics'));
    expect(
      metrics.map((text) => /^attendance_scans_total\{.*outcome="tripped".*\} (\d+)$/m.exec(text)?.[1]),
    ).to.deep.equal(['0']);
  });
});

async function withClient<T>(work: (client: ReturnType<typeof createClient>) => Promise<T>): Promise<T> {
  const gateway = await forward('service/gateway-service', 8090);
  const client = createClient({ gateway: gateway.url });
  try {
    return await work(client);
  } finally {
    client.close();
    await gateway.stop();
  }
}

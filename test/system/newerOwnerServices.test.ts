import { expect } from 'chai';
import { copiesOf } from '../support/claims.ts';
import { nobody, populate } from '../support/gateway.ts';
import type { Behaviour } from '../support/proxy.ts';
import { plantStable, reconcileByHand } from '../support/reconcile.ts';
import { useSystem } from '../support/system.ts';

/** Of all times: before it compacts, the reconciler waits until no older remove can be under way. */
const scale = 0.25;

/** What a later version of the owners might say more of, in each object of each answer. */
const more = { later: [{ version: 2 }] };

function added(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(added);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, added(inner)] as const);
  return { ...Object.fromEntries(entries), ...more };
}

const sayMore: Behaviour = async ({ deliver, answer }) => {
  const { body, ...reply } = await deliver();
  const text = body.toString();
  answer({ ...reply, body: text ? Buffer.from(JSON.stringify(added(JSON.parse(text)))) : body });
};

describe('owners of a later version, which say more', () => {
  const { system, client } = useSystem({ environment: { RECONCILE: 'false', TIME_SCALE: String(scale) } });
  beforeEach(() => Object.values(system.network).forEach((owner) => owner.onEvery(sayMore)));

  it('are understood in every operation, and what they say more of goes no further', async () => {
    const { conference, event, author } = await populate(client);
    const other = await client.createEvent(conference.id, 2);
    const replies = [
      other,
      await client.createEvent(nobody, 1),
      await client.createEvent(conference.id, 1),
      ...(await Promise.all([
        client.getAuthor(author.id),
        client.getConference(conference.id),
        client.getEvent(event.id),
      ])),
      ...(await Promise.all([client.listAuthors(), client.listConferences(), client.listEvents(conference.id)])),
      await client.addAttendance(event.id, author.id),
      await client.addAttendance(event.id, author.id),
      await client.addAttendance(nobody, author.id),
      await client.getAttendance(event.id, author.id),
      await client.listEventAttendance(event.id),
      await client.listAuthorAttendance(author.id),
      await client.listConferenceAttendance(conference.id),
      await client.removeAttendance(event.id, author.id),
      await client.getAttendance(event.id, author.id),
      await client.deleteConference(conference.id),
      await client.deleteEvent(other.body!.id),
      await client.deleteAuthor(author.id),
      await client.getAuthor(author.id),
    ];
    expect(replies.map(({ status }) => status)).to.deep.equal([
      ...[201, 404, 409, 200, 200, 200, 200, 200, 200],
      ...[201, 200, 404, 200, 200, 200, 200, 204, 404, 409, 204, 204, 404],
    ]);
    for (const { text } of replies) expect(text).to.not.include('later');
  });

  it('are reconciled', async () => {
    const { event, authors } = await populate(client, { authors: 2 });
    const [whole, half] = authors.map(({ id }) => ({ event_id: event.id, author_id: id }));
    const claims = await plantStable(system, [whole!, whole!]);
    await plantStable(system, [half!], ['conference']);
    const { code, output } = await reconcileByHand({ processes: system.network, scale });
    expect(code, output).to.equal(0);
    const [smallest] = claims.map(({ claim_id }) => claim_id).sort();
    expect(await copiesOf(system)).to.deep.equal({ author: [smallest], conference: [smallest] });
  });
});

import { expect } from 'chai';
import { readHeldClaims } from '../support/claims.ts';
import { populate, unknownId } from '../support/gateway.ts';
import type { Behaviour } from '../support/proxy.ts';
import { plantStable, reconcileByHand } from '../support/reconcile.ts';
import { useSystem } from '../support/system.ts';

/** Shortens the wait of the reconciler before it compacts. */
const scale = 0.25;

/** Adds a field to each object of a JSON value. */
function withNewField(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNewField);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, withNewField(inner)] as const);
  return { ...Object.fromEntries(entries), later: [{ version: 2 }] };
}

const addFields: Behaviour = async ({ deliver, answer }) => {
  const { body, ...reply } = await deliver();
  const text = body.toString();
  answer({ ...reply, body: text ? Buffer.from(JSON.stringify(withNewField(JSON.parse(text)))) : body });
};

describe('owner services of a later version, whose answers have further fields', () => {
  const { system, client } = useSystem({ environment: { RECONCILE: 'false', TIME_SCALE: String(scale) } });
  beforeEach(() => Object.values(system.network).forEach((proxy) => proxy.onEvery(addFields)));

  it('work in every operation, and clients do not get the further fields', async () => {
    const { conference, event, author } = await populate(client);
    const other = await client.createEvent(conference.id, 2);
    const replies = [
      other,
      await client.createEvent(unknownId, 1),
      await client.createEvent(conference.id, 1),
      ...(await Promise.all([
        client.getAuthor(author.id),
        client.getConference(conference.id),
        client.getEvent(event.id),
      ])),
      ...(await Promise.all([client.listAuthors(), client.listConferences(), client.listEvents(conference.id)])),
      await client.addAttendance(event.id, author.id),
      await client.addAttendance(event.id, author.id),
      await client.addAttendance(unknownId, author.id),
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
    const [visible, half] = authors.map(({ id }) => ({ event_id: event.id, author_id: id }));
    const claims = await plantStable(system, [visible!, visible!]);
    await plantStable(system, [half!], ['conference']);
    const { code, output } = await reconcileByHand({ processes: system.network, scale });
    expect(code, output).to.equal(0);
    const [smallest] = claims.map(({ claim_id }) => claim_id).sort();
    expect(await readHeldClaims(system)).to.deep.equal({ author: [smallest], conference: [smallest] });
  });
});

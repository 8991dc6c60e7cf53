import { expect } from 'chai';
import { NotExecuted } from 'many-to-many';
import { v7 } from 'uuid';
import { atOnce } from '../../../many-to-many/test/gateway/createGateway.ts';
import {
  createScriptedAttendance,
  sampleAuthor,
  sampleConference,
  type ScriptedAttendance,
} from './scriptedAttendance.ts';

const conference = sampleConference();
const [a, b, c, d] = Array.from({ length: 4 }, () => v7()).sort() as [string, string, string, string];
const events = [v7(), v7(), v7()].sort();
const [first, second] = events as [string, string];
const claim = v7();
const page = { id: conference.id, after: null, limit: 10 };
const failures = { not_executed: new NotExecuted('refused'), unknown: new Error('garbled') };

const list = (scripted: ScriptedAttendance, request = page) =>
  atOnce(scripted, scripted.attendance.listByConference(request, 'request-1'));

/** Scripts the first call: the conference service answers with these claims by author and event. */
function createScripted(answer: Record<string, Record<string, string[]>>, { more }: { more: boolean }) {
  const scripted = createScriptedAttendance();
  const attendees = Object.entries(answer).map(([author_id, claimsOf]) => ({
    author_id,
    events: Object.entries(claimsOf).map(([event_id, claims]) => ({ event_id, claims })),
  }));
  scripted.conference.listByConference.reply(() => ({ outcome: 'found', entity: conference, attendees, more }));
  return scripted;
}

describe('list by conference', () => {
  const rows: [name: string, outcome: 'entity_not_found' | keyof typeof failures, expected: string][] = [
    ['no such conference', 'entity_not_found', 'entity_not_found'],
    ['not executed if the conference service refused', 'not_executed', 'not_executed'],
    ['not executed, never unknown, if the conference service did not answer', 'unknown', 'not_executed'],
  ];
  for (const [name, outcome, expected] of rows)
    it(`first call: ${name}; there is no second call`, async () => {
      const scripted = createScriptedAttendance();
      scripted.conference.listByConference.reply(
        outcome === 'entity_not_found' ? () => ({ outcome }) : failures[outcome],
      );
      expect((await list(scripted)).outcome).to.equal(expected);
      expect(scripted.author.readAttendees.calls).to.have.length(0);
    });

  for (const failure of ['not_executed', 'unknown'] as const)
    it(`second call: not executed if the author service's outcome is ${failure}`, async () => {
      const scripted = createScripted({ [a]: { [first]: [claim] } }, { more: false });
      scripted.author.readAttendees.reply(failures[failure]);
      expect((await list(scripted)).outcome).to.equal('not_executed');
    });

  it('is empty if the conference has no attendance, without a second call', async () => {
    const scripted = createScripted({}, { more: false });
    expect(await list(scripted)).to.deep.equal({ outcome: 'found', entity: conference, items: [], next: null });
    expect(scripted.author.readAttendees.calls).to.have.length(0);
  });

  it('reads the page first, then exactly the pairs of the page', async () => {
    const scripted = createScripted(
      { [a]: { [first]: [claim], [second]: [claim] }, [b]: { [second]: [claim] } },
      { more: false },
    );
    scripted.author.readAttendees.reply(() => ({ outcome: 'entity_not_found' }));
    const listed = await list(scripted, { ...page, limit: 3 });
    expect(listed).to.deep.equal({ outcome: 'found', entity: conference, items: [], next: null });
    const request_ids = ['request-1'];
    expect(scripted.conference.listByConference.calls.map(({ items }) => items)).to.deep.equal([
      [{ conference_id: conference.id, after: null, limit: 3, request_ids }],
    ]);
    expect(scripted.author.readAttendees.calls.map(({ items }) => items)).to.deep.equal([
      [
        { author_id: a, event_ids: [first, second], request_ids },
        { author_id: b, event_ids: [second], request_ids },
      ],
    ]);
  });

  it('leaves out events without a common claim and authors without events; the cursor is the last author of the first call', async () => {
    const held = { [first]: [v7(), claim], [second]: [v7()] };
    const scripted = createScripted({ [a]: held, [b]: { [second]: [v7()] }, [c]: held, [d]: held }, { more: true });
    scripted.author.readAttendees.reply(({ author_id, event_ids }) => {
      if (author_id === c) return { outcome: 'entity_not_found' };
      const claims = event_ids.map((event_id) => (event_id === first && author_id === a ? [claim] : [v7()]));
      return { outcome: 'found', entity: sampleAuthor(author_id), events: claims };
    });
    expect(await list(scripted)).to.deep.equal({
      outcome: 'found',
      entity: conference,
      items: [{ author: sampleAuthor(a), events: [first] }],
      next: d,
    });
  });

  it('may be an empty page with a next one', async () => {
    const scripted = createScripted({ [a]: { [first]: [claim] }, [b]: { [first]: [claim] } }, { more: true });
    scripted.author.readAttendees.reply(() => ({ outcome: 'entity_not_found' }));
    expect(await list(scripted)).to.deep.equal({ outcome: 'found', entity: conference, items: [], next: b });
  });
});

import { expect } from 'chai';
import { perform, type World } from './perform.ts';
import type { Step } from './plan.ts';
import { startScripted, type ScriptedAnswer } from './scripted.ts';

/** Creates an id. Ids are ordered as their numbers. */
const id = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;

const conference = id(1);
const events = [id(11), id(12)] as const;
const authors = [id(21), id(22)] as const;
const world: World = { conference, events, authors };

const steps = {
  add: { do: 'add', event: 0, author: 0, pause: 0 },
  remove: { do: 'remove', event: 0, author: 0, pause: 0 },
  read: { do: 'read', event: 0, author: 0, pause: 0 },
  'delete event': { do: 'delete', entity: 'event', index: 0, pause: 0 },
  'delete author': { do: 'delete', entity: 'author', index: 0, pause: 0 },
  'list by event': { do: 'list', by: 'event', index: 0, limit: undefined, pause: 0 },
  'list by author': { do: 'list', by: 'author', index: 0, limit: undefined, pause: 0 },
  'list by conference': { do: 'list', by: 'conference', limit: undefined, pause: 0 },
} as const satisfies Record<string, Step>;
type Name = keyof typeof steps;
const names = Object.keys(steps) as Name[];

const refusal = (status: number, code: string): ScriptedAnswer => ({ status, body: { code, status } });

/** Performs a step with scripted answers. @returns its operations, such as `00 read present` for the first pair */
async function recordedBy(name: Name, ...answers: ScriptedAnswer[]): Promise<string[]> {
  const { client, stop } = await startScripted(...answers);
  try {
    const operations = await perform(client, 0, steps[name], world);
    return operations.map(({ event, author, kind, outcome }) => {
      const pair = `${events.findIndex((one) => one === event)}${authors.findIndex((one) => one === author)}`;
      return `${pair} ${kind} ${outcome}`;
    });
  } finally {
    stop();
  }
}

async function violationOf(name: Name, ...answers: ScriptedAnswer[]): Promise<string> {
  try {
    return `recorded ${(await recordedBy(name, ...answers)).join()}`;
  } catch (error) {
    return `violation: ${(error as Error).message}`;
  }
}

describe('an answer', () => {
  const pair = { event: { id: events[0], conference: { id: conference } }, author: { id: authors[0] } };

  it('is recorded if its body is the pair', async () => {
    for (const status of [200, 201])
      expect(await recordedBy('add', { status, body: pair })).to.deep.equal(['00 add done']);
    expect(await recordedBy('read', { status: 200, body: pair })).to.deep.equal(['00 read present']);
  });

  const bodies: Record<string, unknown> = {
    'no body': undefined,
    'no JSON': '<html>',
    null: 'null',
    'an empty object': {},
    'another event': { ...pair, event: { ...pair.event, id: events[1] } },
    'another author': { ...pair, author: { id: authors[1] } },
    'no author': { event: pair.event },
    'an event without its conference': { ...pair, event: { id: events[0] } },
  };
  for (const [what, body] of Object.entries(bodies))
    it(`violates the contract if a success has ${what}`, async () => {
      for (const status of [200, 201])
        expect(await violationOf('add', { status, body })).to.match(new RegExp(`^violation: add answered ${status} `));
      expect(await violationOf('read', { status: 200, body })).to.match(/^violation: read answered 200 /);
    });

  const allowedCodes: Record<Name, string[]> = {
    add: ['event_not_found', 'author_not_found'],
    remove: ['event_not_found', 'author_not_found', 'attendance_not_found'],
    read: ['event_not_found', 'author_not_found', 'attendance_not_found'],
    'delete event': ['event_not_found'],
    'delete author': ['author_not_found'],
    'list by event': ['event_not_found'],
    'list by author': ['author_not_found'],
    'list by conference': ['conference_not_found'],
  };
  const codes = ['event_not_found', 'author_not_found', 'conference_not_found', 'attendance_not_found'];
  for (const name of names)
    it(`to ${name} may be ${allowedCodes[name].join(' or ')}; any other code violates the contract`, async () => {
      for (const code of [...codes, 'route_not_found'])
        expect(await violationOf(name, refusal(404, code)), code).to.match(
          allowedCodes[name].includes(code) ? /^recorded 0/ : /^violation:/,
        );
      expect(await violationOf(name, { status: 404 })).to.match(/^violation: /);
    });

  it('is recorded as absent or missing by its code', async () => {
    expect(await recordedBy('remove', refusal(404, 'attendance_not_found'))).to.deep.equal(['00 remove absent']);
    expect(await recordedBy('read', refusal(404, 'author_not_found'))).to.deep.equal(['00 read missing']);
    const list = await recordedBy('list by author', refusal(404, 'author_not_found'));
    expect(list).to.deep.equal(['00 read missing', '10 read missing']);
  });

  it('is recorded as unknown or refused for all pairs of the request', async () => {
    expect(await recordedBy('delete event', refusal(504, 'outcome_unknown'))).to.deep.equal([
      '00 delete unknown',
      '01 delete unknown',
    ]);
    expect(await recordedBy('list by event', refusal(503, 'not_executed'))).to.deep.equal([
      '00 read refused',
      '01 read refused',
    ]);
  });

  it('violates the contract if the operation has no such status', async () => {
    for (const name of names)
      for (const status of [202, 302, 400, 500])
        expect(await violationOf(name, { status, body: pair }), `${name} ${status}`).to.match(
          /^violation: .* answered /,
        );
  });
});

describe('a list', () => {
  /** Creates the pages of a list by event, each with the authors of these numbers. */
  const byEvent = (...pages: number[][]): ScriptedAnswer[] =>
    pages.map((attendees, i) => ({
      status: 200,
      body: {
        event: { id: events[0] },
        attendees: attendees.map((number) => ({ id: id(number) })),
        next_cursor: i < pages.length - 1 ? `page ${i + 1}` : null,
      },
    }));
  const byConference = (...attendees: [author: number, events: number[]][]): ScriptedAnswer => ({
    status: 200,
    body: {
      conference: { id: conference },
      attendees: attendees.map(([author, numbers]) => ({ author: { id: id(author) }, events: numbers.map(id) })),
      next_cursor: null,
    },
  });

  it('records all its pairs as present or absent', async () => {
    expect(await recordedBy('list by event', ...byEvent([21]))).to.deep.equal(['00 read present', '01 read absent']);
    const events = [{ id: id(11) }, { id: id(12) }];
    const body = { author: { id: authors[0] }, events, next_cursor: null };
    expect(await recordedBy('list by author', { status: 200, body })).to.deep.equal([
      '00 read present',
      '10 read present',
    ]);
    expect(await recordedBy('list by conference', byConference([21, [12]], [22, [11, 12]]))).to.deep.equal([
      '00 read absent',
      '01 read present',
      '10 read present',
      '11 read present',
    ]);
  });

  it('may have several pages, also empty ones', async () => {
    const expected = ['00 read present', '01 read present'];
    expect(await recordedBy('list by event', ...byEvent([], [21], [], [22], []))).to.deep.equal(expected);
  });

  it('records the pages before another answer, and that answer', async () => {
    const [first] = byEvent([21], []);
    expect(await recordedBy('list by event', first!, refusal(503, 'not_executed'))).to.deep.equal([
      '00 read present',
      '00 read refused',
      '01 read refused',
    ]);
    expect(await recordedBy('list by event', first!, refusal(404, 'event_not_found'))).to.deep.equal([
      '00 read present',
      '00 read missing',
      '01 read missing',
    ]);
  });

  it('violates the contract if a page belongs to another list', async () => {
    const bodies = [undefined, '<html>', 'null', {}, { event: { id: events[0] }, attendees: [] }];
    const [other] = byEvent([]);
    for (const body of [...bodies, other!.body])
      for (const name of ['list by author', 'list by conference'] as const)
        expect(await violationOf(name, { status: 200, body })).to.match(/^violation: list by \w+ answered 200 /);
    for (const body of bodies)
      expect(await violationOf('list by event', { status: 200, body })).to.match(
        /^violation: list by event answered 200 /,
      );
    const body = { event: { id: events[1] }, attendees: [], next_cursor: null };
    expect(await violationOf('list by event', { status: 200, body })).to.match(
      /^violation: list by event answered 200 /,
    );
    expect(await violationOf('list by event', { ...byEvent([])[0]!, status: 201 })).to.match(
      /^violation: read answered 201/,
    );
  });

  it('violates the contract if it is out of order, or has a key or a pair twice', async () => {
    const after = (key: number, before: number) => `violation: the list has ${id(key)} after ${id(before)}`;
    expect(await violationOf('list by event', ...byEvent([22, 21]))).to.equal(after(21, 22));
    expect(await violationOf('list by event', ...byEvent([21, 21]))).to.equal(after(21, 21));
    expect(await violationOf('list by event', ...byEvent([21, 22], [22]))).to.equal(after(22, 22));
    expect(await violationOf('list by event', ...byEvent([22], [], [21]))).to.equal(after(21, 22));
    expect(await violationOf('list by conference', byConference([21, [11, 12, 11]]))).to.equal(
      `violation: the list has ${id(11)} ${id(21)} twice`,
    );
  });

  it('violates the contract if it does not end', async () => {
    const [first] = byEvent([], []);
    expect(await violationOf('list by event', first!)).to.equal('violation: the list does not end');
  });

  it('violates the contract if it has a pair of two histories', async () => {
    const foreignPair = (event: number, author: number) => `violation: no client added ${id(event)} ${id(author)}`;
    expect(await violationOf('list by event', ...byEvent([21], [99]))).to.equal(foreignPair(11, 99));
    expect(await violationOf('list by conference', byConference([21, [11, 98]]))).to.equal(foreignPair(98, 21));
    // the pairs of other histories are ignored
    const expected = ['00 read present', '01 read absent', '10 read absent', '11 read absent'];
    expect(await recordedBy('list by conference', byConference([21, [11]], [99, [98]]))).to.deep.equal(expected);
  });
});

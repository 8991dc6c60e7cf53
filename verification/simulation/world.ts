import type { Conference } from '@attendance/common/contract/entities';
import { createTimes } from '@attendance/common/times';
import type { Random } from '../histories/random.ts';
import type { State } from '../histories/linearizability.ts';
import { sampleAuthor, sampleConference, sampleEvent } from './entities.ts';
import type { Faults } from './faults.ts';
import { createIds } from './ids.ts';
import type { Code } from './code.ts';
import { OwnerNode } from './ownerNode.ts';
import type { Plan } from './plan.ts';
import type { Scheduler } from './scheduler.ts';

export const times = createTimes();

/** When histories begin, in milliseconds since 1970. */
const epoch = 1_700_000_000_000;

export type World = ReturnType<typeof createWorld>;

/** The entities and the two owners of one history. */
export function createWorld({ createMemoryAuthors, createMemoryConferences }: Code, plan: Plan, parts: WorldParts) {
  const { scheduler, random, faults } = parts;
  const newId = createIds(random);
  // all clocks stay within the bound, however one of them is set back and forth: then the others are the same
  const settable = faults.has('clock step') ? random.below(2) : null;
  let step = 0;
  const stepClock = () => {
    step = random.weighted([
      [1, -times.skew],
      [1, times.skew],
      [1, random.below(times.skew)],
    ]);
  };
  const createClock = () => {
    const ahead = settable === null ? faults.skew(times.skew) : 0;
    return () => epoch + scheduler.now + ahead;
  };
  const [clockOfAuthor, clockOfConference] = [0, 1].map((owner) =>
    owner === settable ? () => epoch + scheduler.now + step : createClock(),
  ) as [() => number, () => number];
  const author = createMemoryAuthors({ clock: clockOfAuthor, times });
  const conference = createMemoryConferences({ clock: clockOfConference, times });
  const nodes = {
    author: new OwnerNode({ name: 'author', ...author }, { scheduler, faults, purges: random.below(2) === 0 }),
    conference: new OwnerNode(
      { name: 'conference', ...conference },
      { scheduler, faults, purges: random.below(2) === 0 },
    ),
  };

  // mostly the databases have met before
  if (random.below(4) > 0) {
    author.copy.identity.peer = conference.copy.identity.database;
    conference.copy.identity.peer = author.copy.identity.database;
  }

  const series: Conference = sampleConference(newId(epoch - 1e6));
  conference.conferences.set(series.id, series);
  const create = <E extends { id: string }>(count: number, entities: Map<string, E>, make: (id: string) => E) =>
    Array.from({ length: count }, () => {
      const entity = make(newId(epoch - 1e6));
      // some have never been there
      if (random.below(40) > 0) entities.set(entity.id, entity);
      return entity.id;
    });
  const authors = create(plan.authors, author.copy.entities, sampleAuthor);
  const events = create(plan.events, conference.copy.entities, (id) => sampleEvent(id, series));

  const pairs = events.flatMap((event) =>
    authors.map((author): { event: string; author: string; initial: State } => ({ event, author, initial: 'absent' })),
  );
  for (const pair of pairs)
    if (!nodes.author.copy.entities.has(pair.author) || !nodes.conference.copy.entities.has(pair.event))
      pair.initial = 'gone';
  for (const { event, author: index, shared, half, age } of plan.earlier) {
    const pair = pairs.find((pair) => pair.event === events[event] && pair.author === authors[index]);
    if (!pair || pair.initial === 'gone') continue;
    if (shared > 0) pair.initial = 'present';
    const claim = () => newId(epoch - 6_000 - random.below(age + 1));
    const insert = (node: 'author' | 'conference', claim_id: string) => {
      const [owned, foreign] = node === 'author' ? [pair.author, pair.event] : [pair.event, pair.author];
      nodes[node].copy.claims.set(claim_id, { claim_id, owned, foreign, retired: false });
    };
    for (let i = 0; i < shared; i++) {
      const claim_id = claim();
      insert('author', claim_id);
      insert('conference', claim_id);
    }
    for (let i = 0; i < half.author; i++) insert('author', claim());
    for (let i = 0; i < half.conference; i++) insert('conference', claim());
  }
  return { ...nodes, series: series.id, authors, events, pairs, createClock, stepClock, newId };
}

interface WorldParts {
  scheduler: Scheduler;
  random: Random;
  faults: Faults;
}

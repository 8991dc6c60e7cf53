import { z } from 'zod';
import { uuid } from 'many-to-many';
import { text, timestamp } from './values.ts';

export const author = z
  .object({ id: uuid, full_name: text(1024), created_at: timestamp })
  .meta({ id: 'Author', description: 'A person who may attend events' });

export const conference = z
  .object({ id: uuid, acronym: text(255), created_at: timestamp })
  .meta({ id: 'Conference', description: 'A series of events' });

/** An event's place in the order in which the events of its conference were held. */
export const seq = z
  .int()
  .min(1)
  .max(2 ** 31 - 1);

export const event = z
  .object({ id: uuid, conference, seq, created_at: timestamp })
  .meta({ id: 'Event', description: 'One edition of a conference' });

export type Author = z.output<typeof author>;
export type Conference = z.output<typeof conference>;
export type Event = z.output<typeof event>;

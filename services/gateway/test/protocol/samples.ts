import type { Author, Conference, Event } from '@attendance/common/contract/entities';
import { v7 } from 'uuid';

const created_at = '2026-01-01T00:00:00.000Z';

export const sampleAuthor = (id = v7()): Author => ({ id, full_name: 'Ada Lovelace', created_at });
export const sampleConference = (id = v7()): Conference => ({ id, acronym: 'ICSE', created_at });
export const sampleEvent = (id = v7()): Event => ({ id, conference: sampleConference(), seq: 1, created_at });

export const author = sampleAuthor();
export const event = sampleEvent();
export const pair = { event_id: event.id, author_id: author.id };

export const newPair = () => ({ event_id: v7(), author_id: v7() });

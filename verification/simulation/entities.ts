import type { Author, Conference, Event } from '@attendance/common/contract/entities';

const created_at = '2026-01-01T00:00:00.000Z';

export const sampleAuthor = (id: string): Author => ({ id, full_name: 'Ada Lovelace', created_at });
export const sampleConference = (id: string): Conference => ({ id, acronym: 'ICSE', created_at });
export const sampleEvent = (id: string, conference: Conference): Event => ({ id, conference, seq: 1, created_at });

import type { AuthorOwner } from '@attendance/common/contract/claims';
import type { Author } from '@attendance/common/contract/entities';
import type { Copy } from '@attendance/common/copy/copy';
import { createOwner } from '@attendance/common/copy/owner';
import type { Times } from '@attendance/common/times';
import type { Knex } from 'knex';
import { authorJson } from './authors.ts';
import { readAttendees } from './readAttendees.ts';

export const authorCopy: Copy<Author> = {
  entities: 'authors',
  owned: 'author_id',
  foreign: 'event_id',
  inherited: [],
  entity: authorJson,
};

/** The author service's copy of attendance. */
export function createAuthorOwner(database: Knex, times: Times): AuthorOwner {
  return { ...createOwner(database, authorCopy, times), readAttendees: readAttendees(database, authorCopy) };
}

import { authorContract } from '@attendance/common/contract/author';
import { attendance, authorOperations } from '@attendance/common/contract/relation';
import type { OwnerService } from '@attendance/common/runtime/runOwner';
import type { Times } from '@attendance/common/times';
import { createCopy, type EntityTable, type Query } from 'many-to-many/copy';
import { authorHandlers } from './routes/authors.ts';
import { authorJson } from './store/authors.ts';
import { readAttendees } from './store/readAttendees.ts';

export const authors: EntityTable = { table: 'all_authors', json: authorJson, deletedAt: 'deleted_at' };

/** The author service's copy of attendance, and the claims of given pairs for lists by conference. */
export function createAuthorCopy(query: Query, times: Times) {
  return {
    ...createCopy(attendance.right, { query, entities: authors, times }),
    readAttendees: readAttendees(query, authors),
  };
}

/** Owns authors, and keeps the right copy of attendance. */
export const authorService: OwnerService<typeof authorContract, typeof authorOperations> = {
  name: 'author',
  title: 'Authors',
  port: 8070,
  contract: authorContract,
  handlers: authorHandlers,
  side: attendance.right,
  entities: authors,
  operations: authorOperations,
  copy: createAuthorCopy,
};

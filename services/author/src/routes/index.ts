import type { authorContract } from '@attendance/common/contract/author';
import type { authorClaimsContract } from '@attendance/common/contract/claims';
import { claimsHandlers } from '@attendance/common/copy/handlers';
import type { Handlers } from '@attendance/common/http/handlers';
import type { Times } from '@attendance/common/times';
import type { Knex } from 'knex';
import { createAuthorOwner } from '../store/owner.ts';
import { authorEntityHandlers } from './authors.ts';

/** Everything that the author service answers. */
export function authorHandlers({
  database,
  times,
}: {
  database: Knex;
  times: Times;
}): Handlers<typeof authorContract & typeof authorClaimsContract> {
  return { ...authorEntityHandlers(database), ...claimsHandlers(createAuthorOwner(database, times)) };
}

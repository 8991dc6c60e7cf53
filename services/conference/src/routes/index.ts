import type { conferenceClaimsContract } from '@attendance/common/contract/claims';
import type { conferenceContract } from '@attendance/common/contract/conference';
import { claimsHandlers } from '@attendance/common/copy/handlers';
import type { Handlers } from '@attendance/common/http/handlers';
import type { Times } from '@attendance/common/times';
import type { Knex } from 'knex';
import { createConferenceOwner } from '../store/owner.ts';
import { conferenceEntityHandlers } from './conferences.ts';
import { eventEntityHandlers } from './events.ts';

/** Everything that the conference service answers. */
export function conferenceHandlers({
  database,
  times,
}: {
  database: Knex;
  times: Times;
}): Handlers<typeof conferenceContract & typeof conferenceClaimsContract> {
  return {
    ...conferenceEntityHandlers(database),
    ...eventEntityHandlers(database),
    ...claimsHandlers(createConferenceOwner(database, times)),
  };
}

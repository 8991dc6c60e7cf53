import type { Knex } from 'knex';
import type { IdentifyItem, IdentifyOutcome, IntroduceItem, IntroduceOutcome } from '../../contract/reconciliation.ts';
import type { Times } from '../../times.ts';
import { outcomes } from '../copy.ts';
import { clock, firstIdOf } from '../time.ts';

/**
 * Reads which database this is, which one it takes for the other copy's, and what is settled: all that was older than
 * the grace period when the oldest transaction began that is still open. An insert judges a claim's age long before
 * others see the claim if it hangs in its commit, which no timeout ends: so it is with a synchronous standby that is
 * gone.
 */
export function identify(database: Knex, times: Times) {
  return (items: IdentifyItem[]): Promise<IdentifyOutcome[]> =>
    outcomes(database, {
      name: 'identify',
      text: `
        WITH ${clock},
        -- of this role: nobody else inserts claims
        open_transaction AS MATERIALIZED (
          SELECT
            -- where PostgreSQL does not show when they began, nothing may be taken for settled
            CASE WHEN current_setting('track_activities')::boolean
              THEN floor(extract(epoch FROM min(xact_start)) * 1000)::bigint
              ELSE 0
            END AS oldest
          FROM pg_stat_activity
          WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
        )
        SELECT
          json_build_object(
            'outcome', 'identified',
            'database', identity.database,
            'peer', identity.peer,
            'settled_before', ${firstIdOf('greatest(least(clock.ms, open_transaction.oldest) - $1::bigint, 0)')}
          ) AS outcome
        FROM clock, open_transaction, database_identity AS identity, generate_series(1, $2::int)`,
      values: [times.grace, items.length],
    });
}

/** Remembers the other copy's database; another one that is remembered already only where it is to be replaced. */
export function introduce(database: Knex) {
  return (items: IntroduceItem[]): Promise<IntroduceOutcome[]> =>
    outcomes(database, {
      name: 'introduce',
      text: `
        WITH item AS MATERIALIZED (
          SELECT *
          FROM unnest($1::uuid[], $2::uuid[], $3::boolean[]) WITH ORDINALITY AS i (meant, new_peer, replace, n)
        ),
        -- the last that fits, where a batch has several
        chosen AS (
          SELECT new_peer, replace FROM item, database_identity
          WHERE meant = database AND (replace OR peer IS NULL OR peer = new_peer)
          ORDER BY n DESC LIMIT 1
        ),
        introduced AS (
          UPDATE database_identity AS identity SET peer = new_peer FROM chosen
          -- asked again of the row as it is when its turn comes: another introduction may have been first
          WHERE replace OR identity.peer IS NULL OR identity.peer = new_peer
          RETURNING identity.peer
        )
        SELECT
          json_build_object('outcome', CASE
            WHEN meant = database AND new_peer = (SELECT peer FROM introduced) THEN 'introduced'
            ELSE 'refused'
          END) AS outcome
        FROM item, database_identity
        ORDER BY n`,
      values: [items.map((item) => item.database), items.map((item) => item.peer), items.map((item) => item.replace)],
    });
}

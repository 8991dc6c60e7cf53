import type { ReconciledCopy } from '../operations.ts';
import type { Times } from '../times.ts';
import { clock, firstIdOf } from './clock.ts';
import { outcomes, type Query } from './query.ts';
import type { CopyTable } from './table.ts';

/**
 * Reads which database this is, which one it remembers as the other copy's, and what is stable: the claims that were
 * older than the grace period when the oldest open transaction began. An insert judges the age of its claim long before
 * others see the claim if its commit hangs, which no timeout ends; a synchronous standby that is gone does that.
 */
export function identify(
  query: Query,
  { claims, identity }: CopyTable,
  { graceMs }: Times,
): ReconciledCopy['identify'] {
  const text = `
    WITH ${clock},
    -- of this role: no other role inserts claims
    open_transaction AS MATERIALIZED (
      SELECT
        -- if PostgreSQL does not show when transactions began, nothing counts as stable
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
        'stable_before', ${firstIdOf('greatest(least(clock.ms, open_transaction.oldest) - $1::bigint, 0)')}
      ) AS outcome
    FROM clock, open_transaction, ${identity} AS identity, generate_series(1, $2::int)`;
  return (items) => outcomes(query, { name: `${claims}_identify`, text, values: [graceMs, items.length] });
}

/** Makes this database remember the other copy's; another one that it remembers is replaced only if the item says so. */
export function introduce(query: Query, { claims, identity }: CopyTable): ReconciledCopy['introduce'] {
  const text = `
    WITH item AS MATERIALIZED (
      SELECT *
      FROM unnest($1::uuid[], $2::uuid[], $3::boolean[]) WITH ORDINALITY AS i (meant, new_peer, replace, n)
    ),
    -- the last item that fits, if a batch has several
    chosen AS (
      SELECT new_peer, replace FROM item, ${identity}
      WHERE meant = database AND (replace OR peer IS NULL OR peer = new_peer)
      ORDER BY n DESC LIMIT 1
    ),
    introduced AS (
      UPDATE ${identity} AS identity SET peer = new_peer FROM chosen
      -- checked again on the row as it is when its turn comes: another introduction may have been first
      WHERE replace OR identity.peer IS NULL OR identity.peer = new_peer
      RETURNING identity.peer
    )
    SELECT
      json_build_object('outcome', CASE
        WHEN meant = database AND new_peer = (SELECT peer FROM introduced) THEN 'introduced'
        ELSE 'refused'
      END) AS outcome
    FROM item, ${identity}
    ORDER BY n`;
  return (items) =>
    outcomes(query, {
      name: `${claims}_introduce`,
      text,
      values: [
        items.map(({ database }) => database),
        items.map(({ peer }) => peer),
        items.map(({ replace }) => replace),
      ],
    });
}

import type { ReconciledCopy } from '../operations.ts';
import type { Times } from '../times.ts';
import { clock, firstIdOf } from './clock.ts';
import { outcomes, type Query } from './query.ts';
import type { CopyTable } from './table.ts';

/**
 * Reads the identity of this database, the identity of its peer, and which claims are stable: those that were older than
 * the grace period when the oldest open transaction began. If the commit of an insert hangs, as without its synchronous
 * standby, others see the claim long after the insert judged its age. No timeout ends such a commit.
 */
export function identify(
  query: Query,
  { claims, identity }: CopyTable,
  { graceMs }: Times,
): ReconciledCopy['identify'] {
  const text = `
    WITH ${clock},
    -- only those of this role, because no other role inserts claims
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

/** Stores the identity of this database's peer. It replaces the identity of another peer only if the item asks for that. */
export function introduce(query: Query, { claims, identity }: CopyTable): ReconciledCopy['introduce'] {
  const text = `
    WITH item AS MATERIALIZED (
      SELECT *
      FROM unnest($1::uuid[], $2::uuid[], $3::boolean[]) WITH ORDINALITY AS i (meant, new_peer, replace, n)
    ),
    -- if a batch has several items that fit, the last of them
    chosen AS (
      SELECT new_peer, replace FROM item, ${identity}
      WHERE meant = database AND (replace OR peer IS NULL OR peer = new_peer)
      ORDER BY n DESC LIMIT 1
    ),
    introduced AS (
      UPDATE ${identity} AS identity SET peer = new_peer FROM chosen
      -- checked again when the row is locked, because another introduction may have changed it first
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

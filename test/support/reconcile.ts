import { fileURLToPath } from 'node:url';
import { createTimes } from '@attendance/common/times';
import { v7 } from 'uuid';
import { plantClaims } from './claims.ts';
import { startProgram, type ProgramResult } from './program.ts';
import { serviceToken, timeScale, type System } from './system.ts';

const program = fileURLToPath(new URL('../../services/gateway/dist/reconcile.js', import.meta.url));

/** Runs the command `reconcile`, as a person or a CronJob does. */
export const reconcileByHand = (
  { processes, scale = timeScale }: { processes: Urls; scale?: number },
  ...args: string[]
): Promise<ProgramResult> =>
  startProgram(program, args, {
    SERVICE_TOKEN: serviceToken,
    AUTHOR_SERVICE_URL: processes.author.url,
    CONFERENCE_SERVICE_URL: processes.conference.url,
    TIME_SCALE: String(scale),
  }).ended;

type Side = 'author' | 'conference';
type Urls = Record<Side, { readonly url: string }>;
type Pair = { event_id: string; author_id: string };

/**
 * Inserts a stable claim of each pair into copies of a system.
 * @returns the claims, in the order of the pairs
 */
export async function plantStable(
  { databases }: System,
  pairs: readonly Pair[],
  sides: readonly Side[] = ['author', 'conference'],
): Promise<({ claim_id: string } & Pair)[]> {
  const { graceMs } = createTimes({ scale: timeScale });
  const claims = pairs.map((pair) => ({ claim_id: v7({ msecs: Date.now() - 2 * graceMs }), ...pair }));
  for (const side of sides)
    await plantClaims(databases[side].serviceRole, side === 'author' ? 'author' : 'event', claims);
  return claims;
}

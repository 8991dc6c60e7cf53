import type { ScanReport } from '../../reconciler/report.ts';
import type { SideName } from '../../relation.ts';
import type { ClientParts } from './clientParts.ts';
import { performOnPair, performReconcile, sleep } from './clients.ts';
import type { Plan } from './plan.ts';
import { readList } from './readList.ts';
import { times } from './times.ts';

/**
 * Reads every list when all faults are over, and reads, removes and reads every pair, before or after the copies are
 * reconciled. Nothing may be refused or unknown. In a history with an emptied database, only the reconciler looks.
 */
export async function lookAround(plan: Plan, parts: ClientParts): Promise<void> {
  const process = plan.clients.length;
  const common = { pause: 0, gateway: 0 };
  if (plan.emptied !== null) return findEmptied(plan, plan.emptied, parts);
  if (plan.reconciledFirst) await reconcile(plan, parts);
  for (const [by, { of }] of Object.entries(parts.lists))
    for (let index = 0; index < (typeof of === 'string' ? plan[of] : 1); index++) {
      const step = { ...common, do: 'list', by, index, limit: 2 } as const;
      if ((await readList(process, step, 'quiet-list', parts)) === 'refused')
        parts.judge.fault(`a list by ${by} is refused after the faults`);
    }
  for (let left = 0; left < plan.left; left++)
    for (let right = 0; right < plan.right; right++)
      for (const kind of ['read', 'remove', 'read'] as const) {
        const outcome = await performOnPair(process, { ...common, do: kind, left, right }, `quiet-${kind}`, parts);
        if (outcome === 'refused' || outcome === 'unknown')
          parts.judge.fault(`a ${kind} is ${outcome} after the faults`);
      }
  if (!plan.reconciledFirst) await reconcile(plan, parts);
}

/** After the grace period and one scan both copies are the same, and hold one claim of each pair at most. */
async function reconcile(plan: Plan, parts: ClientParts): Promise<void> {
  await letAllEnd(parts);
  if ((await scan(plan, parts)) === 'tripped') await performReconcile({ gateway: 0, mode: 'accept' }, 'accept', parts);
  parts.judge.reconciled();
}

/** A database that loses its data cannot prove why. The guard counts each claim of the other copy, and saves them. */
async function findEmptied(plan: Plan, side: SideName, parts: ClientParts): Promise<void> {
  await letAllEnd(parts);
  const { left, right } = parts.world;
  const [emptied, { copy: healthy }] = side === 'left' ? [left, right] : [right, left];
  const { entities, claims, marked, purged } = emptied.copy;
  for (const lost of [entities, claims, marked, purged, emptied.everMarked]) lost.clear();
  parts.judge.deleted();
  const held = () => [...healthy.claims.values()].filter(({ retired }) => !retired).length;
  const before = held();
  if ((await scan(plan, parts)) === 'tripped' && held() < before)
    parts.judge.fault('the reconciler drops claims of which the other copy has lost all knowledge');
}

/** Waits until all claims are stable. The purges end meanwhile. */
async function letAllEnd({ scheduler, world }: ClientParts): Promise<void> {
  await sleep(scheduler, times.graceMs + 2 * times.skewMs);
  for (const { copy } of [world.left, world.right]) for (const claims of [Infinity, 0]) copy.purgeMarked(claims);
}

/** Runs a guarded scan. It trips if, and only if, more half claims than it may drop are not explained by a mark. */
async function scan({ mayDrop }: Plan, parts: ClientParts): Promise<ScanReport['outcome'] | undefined> {
  const half = parts.judge.unexplained();
  const report = await performReconcile({ gateway: 0 }, 'quiet', parts);
  const mayAll = half <= mayDrop || half <= 0.01 * (report?.claims ?? 0);
  const expected = mayAll ? 'reconciled' : 'tripped';
  if (report?.outcome !== expected)
    parts.judge.fault(`a scan with ${half} unexplained half claims is ${report?.outcome}, not ${expected}`);
  return report?.outcome;
}

import type { ClientParts } from './clientParts.ts';
import { performOnPair, performReconcile, sleep } from './clients.ts';
import type { Plan } from './plan.ts';
import { readList } from './readList.ts';
import { times } from './times.ts';

/**
 * Reads every list when all faults are over, and reads, removes and reads every pair, before or after the copies are
 * reconciled. Nothing may be refused or unknown.
 */
export async function lookAround(plan: Plan, parts: ClientParts): Promise<void> {
  const process = plan.clients.length;
  const common = { pause: 0, gateway: 0 };
  if (plan.reconciledFirst) await reconcile(parts);
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
  if (!plan.reconciledFirst) await reconcile(parts);
}

/** After the grace period and one scan both copies are the same, and hold one claim of each pair at most. */
async function reconcile({ scheduler, ...parts }: ClientParts): Promise<void> {
  await sleep(scheduler, times.graceMs + 2 * times.skewMs);
  const report = await performReconcile({ gateway: 0 }, 'quiet', parts);
  if (report?.outcome !== 'reconciled') parts.judge.fault(`a scan after the faults is ${report?.outcome}`);
  parts.judge.reconciled();
}

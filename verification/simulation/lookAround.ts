import { performOnPair, performReconcile, sleep, type ClientParts } from './clients.ts';
import { performList } from './lists.ts';
import type { Plan } from './plan.ts';
import { times } from './world.ts';

/**
 * When all is quiet: every list is read, and every pair is read, removed, and read again, before or after the copies
 * are reconciled. Nothing may be refused or unknown.
 */
export async function lookAround(plan: Plan, parts: ClientParts): Promise<void> {
  const process = plan.clients.length;
  const common = { pause: 0, gateway: 0 };
  if (plan.reconciledFirst) await reconcile(parts);
  for (const list of listsOf(plan)) {
    const outcome = await performList(process, { ...common, ...list, do: 'list', limit: 2 }, 'quiet list', parts);
    if (outcome === 'refused') parts.judge.fault(`all is quiet, and a list by ${list.by} is refused`);
  }
  for (let event = 0; event < plan.events; event++)
    for (let author = 0; author < plan.authors; author++)
      for (const kind of ['read', 'remove', 'read'] as const) {
        const outcome = await performOnPair(process, { ...common, do: kind, event, author }, `quiet ${kind}`, parts);
        if (outcome === 'refused' || outcome === 'unknown')
          parts.judge.fault(`all is quiet, and a ${kind} is ${outcome}`);
      }
  if (!plan.reconciledFirst) await reconcile(parts);
}

function listsOf({ events, authors }: Plan) {
  const by = <By extends 'event' | 'author'>(by: By, count: number) =>
    Array.from({ length: count }, (_, index) => ({ by, index }));
  return [{ by: 'conference' } as const, ...by('event', events), ...by('author', authors)];
}

/** After the grace period and one walk both copies are the same, and hold one claim of each pair at most. */
async function reconcile({ scheduler, ...parts }: ClientParts): Promise<void> {
  await sleep(scheduler, times.grace + 2 * times.skew);
  const report = await performReconcile({ gateway: 0 }, 'quiet', parts);
  if (report?.outcome !== 'reconciled') parts.judge.fault(`all is quiet, and the reconciler is ${report?.outcome}`);
  parts.judge.reconciled();
}

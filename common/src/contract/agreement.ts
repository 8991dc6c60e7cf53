import { z } from 'zod';
import type { Times } from '../times.ts';
import { operation } from './operation.ts';

/**
 * The version of the wire operations and of the rules around them. A release that changes them raises it by one. A
 * gateway works with owner services one version older or newer.
 */
const wireVersion = 1;

/** The durations that the gateway and both copies must count alike. A later release may change others of them freely. */
const shared = (times: Times) => ({ expiry_ms: times.expiryMs, skew_ms: times.skewMs, grace_ms: times.graceMs });

const agreement = z
  .object({
    service: z.string(),
    wire_version: z.int(),
    times: z.object({ expiry_ms: z.number(), skew_ms: z.number(), grace_ms: z.number() }).partial(),
    /** By the database's clock, which judges the age of claims; in milliseconds since 1970. */
    now_ms: z.number(),
  })
  .partial();

/** What an owner service and its gateway must have in common. What an answer leaves out is not compared. */
export type Agreement = z.output<typeof agreement>;

/** How the gateway asks an owner service. The token is compared by the answer 401. */
export const agreementContract = {
  readAgreement: operation({
    method: 'GET',
    path: '/internal/agreement',
    summary: 'Read what the gateway and this service must have in common',
    answers: { 200: agreement },
    // an older owner service has no such route
    problems: ['unauthorized', 'too_many_failures', 'route_not_found'],
    internal: true,
    routine: true,
  }),
};

/** Makes the agreement of an owner service, or the one that the gateway expects of it. */
export function agreementOf(service: 'author' | 'conference', times: Times) {
  return { service, wire_version: wireVersion, times: shared(times) };
}

/** One difference, and what to do about it. */
export interface Difference {
  what: 'token' | 'service' | 'wire_version' | 'times' | 'clock';
  message: string;
}

/**
 * Compares the agreement of an owner service with the one that the gateway expects.
 * @param asked when it was asked and when it had answered, by the gateway's clock
 */
export function differences(
  theirs: Agreement,
  ours: ReturnType<typeof agreementOf>,
  asked: { fromMs: number; toMs: number },
): Difference[] {
  const found: Difference[] = [];
  if (theirs.service !== undefined && theirs.service !== ours.service) {
    const variable = `${ours.service.toUpperCase()}_SERVICE_URL`;
    found.push({ what: 'service', message: `${variable} leads to the ${theirs.service} service` });
  }
  if (theirs.wire_version !== undefined && Math.abs(theirs.wire_version - ours.wire_version) > 1)
    found.push({
      what: 'wire_version',
      message: `its wire operations have version ${theirs.wire_version}, and the gateway's ${ours.wire_version}: upgrade one release at a time`,
    });
  const names = Object.keys(ours.times) as (keyof typeof ours.times)[];
  const name = names.find((each) => (theirs.times?.[each] ?? ours.times[each]) !== ours.times[each]);
  if (name !== undefined)
    found.push({
      what: 'times',
      message: `its ${name} is ${theirs.times?.[name]}, and the gateway's ${ours.times[name]}: TIME_SCALE must be the same`,
    });
  const { now_ms: now = asked.fromMs } = theirs;
  // at least so much: the answer was made at some moment in between
  const aheadMs = now - Math.min(Math.max(now, asked.fromMs), asked.toMs);
  if (Math.abs(aheadMs) > ours.times.skew_ms) {
    const seconds = `${Math.abs(aheadMs / 1000).toFixed(1)} s ${aheadMs > 0 ? 'ahead of' : 'behind'}`;
    found.push({ what: 'clock', message: `its database's clock is ${seconds} the gateway's: correct the wrong one` });
  }
  return found;
}

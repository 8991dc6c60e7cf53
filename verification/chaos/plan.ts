import type { Times } from '@attendance/common/times';
import type { Random } from 'many-to-many/testing';
import { maxScanMs } from './reconciling.ts';

export const gateways = ['gateway 1', 'gateway 2'] as const;

/** The processes of the system. Each is killed, frozen and restarted. */
export const processes = [...gateways, 'author', 'conference', 'postgres'] as const;
export type ProcessName = (typeof processes)[number];

/** The connections between processes. Each goes through a proxy. */
export const edges = [
  ...gateways.map((gateway) => `clients > ${gateway}` as const),
  ...gateways.flatMap((gateway) => [`${gateway} > author`, `${gateway} > conference`] as const),
  'author > postgres',
  'conference > postgres',
] as const;
export type EdgeName = (typeof edges)[number];

export const edgeFaults = ['delay', 'slow', 'cut before', 'cut after', 'blackhole', 'refuse'] as const;
export type EdgeFault = (typeof edgeFaults)[number];

/** A fault that lasts for a while. */
export type Fault = {
  /** Milliseconds since the start of the faults. */
  at: number;
  /** Milliseconds. */
  lasts: number;
} & (
  | { kind: EdgeFault; target: EdgeName }
  /** Sends SIGKILL, and restarts at the end. */
  | { kind: 'kill'; target: ProcessName | 'everything' }
  /** Sends SIGSTOP, and SIGCONT at the end. */
  | { kind: 'freeze'; target: ProcessName }
  /** Sends SIGKILL to a backend, which makes PostgreSQL end all connections and recover. */
  | { kind: 'kill backend'; target: 'postgres' }
);

/** A fault without its time. */
type Candidate = Fault extends infer F ? (F extends Fault ? Omit<F, 'at' | 'lasts'> : never) : never;

const networkFaults: Candidate[] = edges.flatMap((target) => edgeFaults.map((kind) => ({ kind, target })));
const processFaults: Candidate[] = [
  ...processes.flatMap((target) => [{ kind: 'kill', target } as const, { kind: 'freeze', target } as const]),
  // twice as often for the gateways, because the other gateway continues meanwhile
  ...gateways.flatMap((target) => [{ kind: 'kill', target } as const, { kind: 'freeze', target } as const]),
  { kind: 'kill backend', target: 'postgres' },
  { kind: 'kill', target: 'everything' },
];

/**
 * Plans all faults of a run, in the order of time. Chooses process faults and network faults by repeatedly going through
 * all of them in random order, so that they are about equally frequent. A fault begins only if no fault is active on its
 * target, on a process at an end of its edge, or on an edge of its process. After each grace period of faults follows a
 * calm, in which a scan of the reconcilers completes.
 * @param during milliseconds
 */
export function planFaults(random: Random, { during, times }: { during: number; times: Times }): Fault[] {
  const { expiryMs, graceMs } = times;
  const calm = times.scanEveryMs + maxScanMs(times);
  const isCalm = (at: number) => at % (graceMs + calm) >= graceMs;
  const faults: Fault[] = [];
  const schedule = (candidates: Candidate[], every: number, lasts: (candidate: Candidate) => number) => {
    let rest: Candidate[] = [];
    for (let at = random.below(2 * every); at < during; at += random.below(2 * every)) {
      if (isCalm(at)) continue;
      if (rest.length === 0) rest = random.shuffled(candidates);
      const now = at;
      const active = faults.filter((fault) => fault.at <= now && now < fault.at + fault.lasts);
      const index = rest.findIndex((candidate) => !active.some((fault) => shareProcess(fault, candidate)));
      const [chosen] = index < 0 ? [] : rest.splice(index, 1);
      if (chosen) faults.push({ ...chosen, at, lasts: Math.min(lasts(chosen), during - at) });
    }
  };
  // some freezes last longer than the expiry of adds
  schedule(processFaults, 2_500, ({ kind }) =>
    kind === 'freeze' && random.below(8) === 0
      ? logUniform(random, expiryMs, 1.3 * expiryMs)
      : logUniform(random, 100, 2_000),
  );
  schedule(networkFaults, 600, () => logUniform(random, 100, 1_500));
  return faults.sort((a, b) => a.at - b.at);
}

/** Decides whether two faults concern the same process or edge. */
function shareProcess(a: Candidate, b: Candidate): boolean {
  if (a.target === 'everything' || b.target === 'everything') return true;
  const isEdge = ({ target }: Candidate) => target.includes(' > ');
  if (isEdge(a) && isEdge(b)) return a.target === b.target;
  return a.target.split(' > ').includes(b.target) || b.target.split(' > ').includes(a.target);
}

/** Chooses a number whose logarithm is uniformly distributed. */
export function logUniform(random: Random, min: number, max: number): number {
  return Math.round(min * (max / min) ** random.fraction());
}

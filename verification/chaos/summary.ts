import type { ChaosReport } from './chaos.ts';
import type { FailoverReport } from './failover/runFailovers.ts';
import { failovers } from './failover/summary.ts';
import { table } from './table.ts';
import type { TrialReport } from './trial.ts';

/** Formats the report of a run for a terminal. */
export function summary(report: TrialReport | ChaosReport | FailoverReport): string {
  const { histories, outcomes, violations } = report;
  const pairs = histories.length * 4;
  const steps = histories.reduce((total, history) => total + history.steps, 0);
  return [
    `${histories.length} histories of ${pairs} pairs; the clients did ${steps} operations, a list of several pages counting as one;`,
    `${sum(outcomes)} observations of a pair (a list and a deletion have one for each of their pairs):`,
    outcomesTable(outcomes),
    `${sum(outcomes, ' unknown')} of the outcomes are unknown`,
    ...('strikes' in report ? faults(report) : []),
    ...('failovers' in report ? failovers(report.failovers) : []),
    `${report.readAgain} histories were read again by all reads${report.copies ? `, all ${pairs} pairs in both databases` : ''}`,
    ...copies(report),
    ...reconciling(report),
    violations.length === 0
      ? `every history is linearizable${'failovers' in report ? ', and every service noticed and recovered in time' : ''}`
      : `${violations.length} VIOLATIONS\n\n${violations.join('\n\n')}`,
  ].join('\n');
}

function faults({ strikes, drops: { byReason, inUse } }: ChaosReport): string[] {
  const { half, entity_deleted, entity_marked, surplus } = byReason;
  return [
    `${strikes.length} faults (in parentheses the number of processes, connections or chunks that they affected):`,
    strikesTable(strikes),
    `the reconcilers dropped ${half} half claims, ${entity_deleted + entity_marked} claims of deleted entities and ${surplus} surplus claims;`,
    `clients used the pairs of ${inUse} of these claims afterwards`,
  ];
}

function copies({ copies }: TrialReport): string[] {
  if (!copies) return [];
  const { visible, half } = copies;
  return [
    `${visible.size} claims are in both copies; half claims: ${half.author} in the author copy, ${half.conference} in the conference copy`,
  ];
}

function reconciling({ reconciledAfterMs, maxReconcileMs }: TrialReport): string[] {
  if (reconciledAfterMs === null || maxReconcileMs === null) return [];
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  return [
    `the copies were equal ${seconds(reconciledAfterMs)} after the last answer, of ${seconds(maxReconcileMs)} at most`,
  ];
}

function sum(counts: Record<string, number>, ending = ''): number {
  return Object.entries(counts).reduce((total, [name, count]) => total + (name.endsWith(ending) ? count : 0), 0);
}

/** Tabulates the observations by kind and outcome. */
function outcomesTable(outcomes: Record<string, number>): string {
  const names = Object.keys(outcomes).map((name) => name.split(' ') as [kind: string, outcome: string]);
  const kinds = ['add', 'remove', 'read', 'delete'];
  const columns = ['done', 'present', 'absent', 'missing', 'refused', 'unknown'].filter((outcome) =>
    names.some(([, known]) => known === outcome),
  );
  const rows = kinds.map((kind) => [kind, ...columns.map((outcome) => String(outcomes[`${kind} ${outcome}`] ?? ''))]);
  return table([['', ...columns], ...rows]);
}

/** Tabulates the faults by target and kind. */
function strikesTable(strikes: ChaosReport['strikes']): string {
  const kinds = [...new Set(strikes.map(({ fault }) => fault.kind))].sort();
  const targets = [...new Set(strikes.map(({ fault }) => fault.target))].sort();
  const cell = (target: string, kind: string) => {
    const matching = strikes.filter(({ fault }) => fault.target === target && fault.kind === kind);
    const struck = matching.reduce((total, strike) => total + strike.struck, 0);
    return matching.length === 0
      ? ''
      : struck === matching.length
        ? String(matching.length)
        : `${matching.length} (${struck})`;
  };
  return table([['', ...kinds], ...targets.map((target) => [target, ...kinds.map((kind) => cell(target, kind))])]);
}

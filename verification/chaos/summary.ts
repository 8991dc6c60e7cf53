import type { ChaosReport } from './chaos.ts';
import type { TrialReport } from './trial.ts';

/** What was done and survived, for a terminal. */
export function summary(report: TrialReport | ChaosReport): string {
  const { histories, outcomes, violations } = report;
  const pairs = histories.length * 4;
  const steps = histories.reduce((total, history) => total + history.steps, 0);
  return [
    `${histories.length} histories of ${pairs} pairs; the clients did ${steps} operations, a list being one whatever its pages;`,
    `what they were told, as ${sum(outcomes)} observations of a pair (a list, or a deletion, is one of each pair that it tells of):`,
    outcomesTable(outcomes),
    `${sum(outcomes, ' unknown')} of them are unknown outcomes`,
    ...('strikes' in report ? faults(report) : []),
    `${report.readAgain} histories were read once more from all directions${report.copies ? `, all ${pairs} pairs in both databases` : ''}`,
    ...copies(report),
    ...reconciling(report),
    violations.length === 0 ? 'every answer was true' : `${violations.length} VIOLATIONS\n\n${violations.join('\n\n')}`,
  ].join('\n');
}

function faults({ strikes, drops: { byReason, inUse } }: ChaosReport): string[] {
  const { half, entity_deleted, surplus } = byReason;
  return [
    `${strikes.length} faults; where it is not once each, how often they struck a process, a connection or bytes:`,
    strikesTable(strikes),
    `the reconcilers dropped ${half} half rows, ${entity_deleted} of deleted entities and ${surplus} surplus ones;`,
    `${inUse} of these rows were of pairs that clients still used afterwards`,
  ];
}

function copies({ copies }: TrialReport): string[] {
  if (!copies) return [];
  const { visible, half } = copies;
  return [
    `${visible.size} claims are in both copies; only in the author's: ${half.author}, only in the conference's: ${half.conference}`,
  ];
}

function reconciling({ reconciledAfter: took, reconcilingMayTake: bound }: TrialReport): string[] {
  if (took === null || bound === null) return [];
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  return [
    `the copies were the same ${seconds(took)} after the last answer; the grace period, the current scan and the next may take ${seconds(bound)}`,
  ];
}

function sum(counts: Record<string, number>, ending = ''): number {
  return Object.entries(counts).reduce((total, [name, count]) => total + (name.endsWith(ending) ? count : 0), 0);
}

/** Kinds of operations by what was answered. */
function outcomesTable(outcomes: Record<string, number>): string {
  const names = Object.keys(outcomes).map((name) => name.split(' ') as [kind: string, outcome: string]);
  const kinds = ['add', 'remove', 'read', 'delete'];
  const columns = ['done', 'present', 'absent', 'missing', 'refused', 'unknown'].filter((outcome) =>
    names.some(([, known]) => known === outcome),
  );
  const rows = kinds.map((kind) => [kind, ...columns.map((outcome) => String(outcomes[`${kind} ${outcome}`] ?? ''))]);
  return table([['', ...columns], ...rows]);
}

/** Targets by kinds of faults. */
function strikesTable(strikes: ChaosReport['strikes']): string {
  const kinds = [...new Set(strikes.map(({ fault }) => fault.kind))].sort();
  const targets = [...new Set(strikes.map(({ fault }) => fault.target))].sort();
  const cell = (target: string, kind: string) => {
    const met = strikes.filter(({ fault }) => fault.target === target && fault.kind === kind);
    const struck = met.reduce((total, strike) => total + strike.struck, 0);
    return met.length === 0 ? '' : struck === met.length ? String(met.length) : `${met.length} (${struck})`;
  };
  return table([['', ...kinds], ...targets.map((target) => [target, ...kinds.map((kind) => cell(target, kind))])]);
}

/** Columns as wide as they need, numbers to the right. */
function table([head = [], ...rows]: string[][]): string {
  const width = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]?.length ?? 0)));
  const line = (row: string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(width[i] ?? 0) : cell.padStart(width[i] ?? 0))).join('  ');
  return [head, ...rows].map((row) => `  ${line(row).trimEnd()}`).join('\n');
}

import type { Writable } from 'node:stream';
import { firstId, timeOf } from './protocol/reconciler/ids.ts';
import type { WalkReport } from './protocol/reconciler/report.ts';
import type { Drop } from './protocol/reconciler/settle.ts';
import type { Mode, Progress } from './protocol/reconciler/walk.ts';

const width = 30;

/** Standard output or error: a terminal, a file or a pipe. */
type Output = Writable & { isTTY?: boolean };

/** A bar that grows on a terminal; elsewhere nothing. */
export function createProgress(output: Output): { show: (progress: Progress) => void; end: () => void } {
  let drawn = false;
  return {
    show: ({ doing, part }) => {
      if (!output.isTTY) return;
      const bar = '#'.repeat(Math.round(part * width)).padEnd(width, '.');
      output.write(`\r${doing.padEnd(10)} ${bar} ${String(Math.floor(part * 100)).padStart(3)} %`);
      drawn = true;
    },
    end: () => {
      if (drawn) output.write('\n');
    },
  };
}

/** Resolves when a text has been handed over: nobody keeps what a slow reader has not taken yet. */
export function written(output: Writable, text: string): Promise<void> {
  return new Promise((resolve) => output.write(text, () => resolve()));
}

/** What is dropped is gone: a line of JSON for each row, for whoever wants to look at it before, or to keep it. */
export function tellDropped(output: Output): (drops: Drop[]) => Promise<void> {
  return async (drops) => {
    const lines = drops.map((drop) => `${JSON.stringify(drop)}\n`).join('');
    if (!output.isTTY && lines !== '') await written(output, lines);
  };
}

interface Told {
  mode: Mode;
  /** Whether each row was told too. */
  listed: boolean;
}

/** What a walk found and did, for a person. */
export function describeReport(report: WalkReport, { mode, listed }: Told): string {
  const { outcome, reason, claims, half, dropped, settled_before } = report;
  const rows = [
    `${dropped.half} in one copy only`,
    `${dropped.entity_deleted} in one copy only, since their event or author is deleted`,
    // one in each copy, but another reconciler may have been the one to drop it there
    `${dropped.surplus} to spare, each a row of a claim that both copies held`,
  ];
  const verb = mode === 'dry run' ? 'would drop' : 'dropped';
  // what is younger than grace is left alone, as all is before the owners have told what is not
  const settled = settled_before === firstId ? '' : ` from before ${new Date(timeOf(settled_before)).toISOString()}`;
  const lines = [`compared ${claims} claims${settled}, ${half} of them in one copy only`, `${verb}:`];
  lines.push(...rows.map((row) => `  ${row}`));
  if (mode === 'dry run' && !listed && Object.values(dropped).some((count) => count > 0))
    lines.push('2> drops.jsonl lists them');
  if (outcome === 'unanswered') lines.push(`ended early, no answer: ${reason}`);
  if (outcome === 'wrong_database') lines.push(`stopped: ${reason}`);
  if (outcome === 'stopped') {
    lines.push(`${mode === 'dry run' ? 'needs --accept' : 'stopped'}: ${reason}`);
    if (mode === 'guarded')
      lines.push('Look at what is wrong first: --dry-run says what would be dropped, --accept drops it.');
  }
  return lines.join('\n');
}

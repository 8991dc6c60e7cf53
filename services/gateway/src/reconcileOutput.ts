import type { WriteStream } from 'node:tty';
import type { Drop } from './protocol/reconciler/settle.ts';
import type { Mode, Progress, WalkReport } from './protocol/reconciler/walk.ts';

const width = 30;

/** A bar that grows on a terminal; elsewhere nothing. */
export function createProgress(output: WriteStream): { show: (progress: Progress) => void; end: () => void } {
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

/** What is dropped is gone: a line of JSON for each row, for whoever wants to keep that. */
export function tellDropped(output: WriteStream): (drops: Drop[]) => void {
  return (drops) => {
    if (!output.isTTY) output.write(drops.map((drop) => `${JSON.stringify(drop)}\n`).join(''));
  };
}

/** What a walk found and did, for a person. */
export function describeReport({ outcome, reason, claims, half, dropped }: WalkReport, mode: Mode): string {
  const rows = [
    `${dropped.half} in one copy only`,
    `${dropped.entity_deleted} in one copy only, since their event or author is deleted`,
    `${dropped.surplus / 2} to spare, in both`,
  ];
  const verb = mode === 'dry run' ? 'would drop' : 'dropped';
  const lines = [`compared ${claims} claims, ${half} of them in one copy only`, `${verb}:`];
  lines.push(...rows.map((row) => `  ${row}`));
  if (outcome === 'unanswered') lines.push(`ended early, no answer: ${reason}`);
  if (outcome === 'wrong_database') lines.push(`stopped: ${reason}`);
  if (outcome === 'stopped') {
    lines.push(`${mode === 'dry run' ? 'needs --accept' : 'stopped'}: ${reason}`);
    if (mode === 'guarded')
      lines.push('Look at what is wrong first: --dry-run says what would be dropped, --accept drops it.');
  }
  return lines.join('\n');
}

import type { WriteStream } from 'node:tty';
import type { Mode, Progress, WalkReport } from './protocol/reconciler/walk.ts';

const width = 30;

/** Draws a bar that grows on a terminal; elsewhere nothing. */
export function showProgress(output: WriteStream): (progress: Progress) => void {
  if (!output.isTTY) return () => undefined;
  return ({ doing, part }) => {
    const bar = '#'.repeat(Math.round(part * width)).padEnd(width, '.');
    output.write(`\r${doing.padEnd(10)} ${bar} ${String(Math.floor(part * 100)).padStart(3)} %`);
    if (doing === 'compacting' && part === 1) output.write('\n');
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
  if (outcome === 'stopped') {
    lines.push(`${mode === 'dry run' ? 'needs --accept' : 'stopped'}: ${reason}`);
    if (mode === 'guarded')
      lines.push('Look at what is wrong first: --dry-run says what would be dropped, --accept drops it.');
  }
  return lines.join('\n');
}

import type { Writable } from 'node:stream';
import { firstId, timeOf, type Drop, type Mode, type Progress, type ScanReport } from 'many-to-many';

const width = 30;

/** Standard output or error: a terminal, a file or a pipe. */
type Output = Writable & { isTTY?: boolean };

/** Draws a progress bar on a terminal, and nothing elsewhere. */
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

/**
 * Resolves when the text has been handed over: what a slow reader has not taken is lost when the process ends. Rejects if
 * it cannot be written, as to a full disk: a scan must not drop what it cannot record.
 */
export async function written(output: Writable, text: string): Promise<void> {
  // an error event without a listener would end the process before it can say why
  if (output.listenerCount('error') === 0) output.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    output.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

/** A dropped row in the words of the example: the service whose copy lost it, and the pair. */
export function describeDrop({ copy, claim_id, left, right, reason }: Drop) {
  return { copy: copy === 'left' ? 'conference' : 'author', claim_id, event_id: left, author_id: right, reason };
}

/** Writes a line of JSON for each row. A dropped row is gone, so this is the only record of it. */
export function writeDrops(output: Output): (drops: Drop[]) => Promise<void> {
  return async (drops) => {
    const lines = drops.map((drop) => `${JSON.stringify(describeDrop(drop))}\n`).join('');
    if (!output.isTTY && lines !== '') await written(output, lines);
  };
}

interface Described {
  mode: Mode;
  /** Whether each row was written too. */
  listed: boolean;
}

/** Describes what a scan found and did. */
export function describeReport(report: ScanReport, { mode, listed }: Described): string {
  const { outcome, reason, claims, half, dropped, stable_before } = report;
  const rows = [
    `${dropped.half} in one copy only`,
    `${dropped.entity_marked} in one copy only, because their event or author was deleted`,
    `${dropped.entity_deleted} in one copy only, of an event or author that is not in the other database`,
    // one in each copy, but another reconciler may have dropped the other one
    `${dropped.surplus} surplus, each a row of a claim that both copies held`,
  ];
  const verb = mode === 'dry run' ? 'would drop' : 'dropped';
  // claims younger than the grace period are left alone; no answer yet says which those are
  const stable = stable_before === firstId ? '' : ` from before ${new Date(timeOf(stable_before)).toISOString()}`;
  const lines = [`compared ${claims} claims${stable}, ${half} of them in one copy only`, `${verb}:`];
  lines.push(...rows.map((row) => `  ${row}`));
  if (mode === 'dry run' && !listed && Object.values(dropped).some((count) => count > 0))
    lines.push('2> drops.jsonl lists them');
  if (outcome === 'unanswered') lines.push(`ended early, no answer: ${reason}`);
  if (outcome === 'wrong_database') lines.push(`tripped: ${reason}`);
  if (outcome === 'tripped') {
    lines.push(`${mode === 'dry run' ? 'needs --accept' : 'tripped'}: ${reason}`);
    if (mode === 'guarded')
      lines.push('Find out what is wrong first: --dry-run reports what would be dropped, --accept drops it.');
  }
  return lines.join('\n');
}

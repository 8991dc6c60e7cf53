import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { History } from '../histories/histories.ts';
import { toJsonLines, type RecordedRun } from '../../test/support/history.ts';

/**
 * Creates a file of histories that is valid after each write.
 * @returns a function that appends the operations of a history that it has not written yet
 */
export function beginHistoryFile(path: string, run: RecordedRun): (history: History) => void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, toJsonLines([], run));
  const written = new WeakMap<History, number>();
  return (history) => {
    const { operations } = history;
    appendFileSync(path, toJsonLines(operations.slice(written.get(history) ?? 0)));
    written.set(history, operations.length);
  };
}

import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { History } from '../histories/histories.ts';
import { toJsonLines, type RecordedRun } from '../../test/support/history.ts';

/**
 * Begins a file for what clients are told, which may end at any moment and is right until then.
 * @returns what puts a history there that is over, and later what else was told of it, such as the last reads
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

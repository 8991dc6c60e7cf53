import { table } from '../table.ts';
import { clusters } from './plan.ts';
import { usualBoundMs, type FailoverRecord } from './record.ts';

/** Formats what became of the failovers of a run. */
export function failovers(records: readonly FailoverRecord[]): string[] {
  const losses = [...new Set(records.map(({ fault }) => fault.loss))].sort();
  const rows = clusters.map((name) => [
    name,
    ...losses.map((loss) =>
      String(records.filter(({ fault }) => fault.cluster === name && fault.loss === loss).length),
    ),
  ]);
  const times = (name: string, values: (number | null)[]) => {
    const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
    const at = (share: number) => `${sorted[Math.ceil(share * sorted.length) - 1] ?? '-'} ms`;
    return [name, String(sorted.length), at(0.5), at(0.9), at(1)];
  };
  return [
    `${records.length} failovers, by database and by how the primary was lost:`,
    table([['', ...losses], ...rows]),
    `how long it took, of ${usualBoundMs} ms at most for a service:`,
    table([
      ['', 'number', 'half', '90 %', 'all'],
      times(
        'the service was not ready, after the loss',
        records.map(({ noticedMs }) => noticedMs),
      ),
      times(
        'the new primary could be used, after the loss',
        records.map(({ outageMs }) => outageMs),
      ),
      times(
        'the service was ready and served, after that',
        records.map(({ servesAgainMs }) => servesAgainMs),
      ),
    ]),
  ];
}

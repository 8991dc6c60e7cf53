import type { ServiceProcess } from './process.ts';

/**
 * What a service shows of a metric.
 * @param labels those that tell the series from the others of that metric
 * @returns null where there is no such series
 */
export async function metricOf(
  { managementUrl }: ServiceProcess,
  name: string,
  labels: Record<string, string> = {},
): Promise<number | null> {
  const lines = (await (await fetch(`${managementUrl}/metrics`)).text()).split('\n');
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const line = lines.find((text) => text.startsWith(`${name}{`) && wanted.every((label) => text.includes(label)));
  return line === undefined ? null : Number(line.slice(line.lastIndexOf(' ')));
}

import type { ServiceProcess } from './process.ts';

/**
 * Reads a metric of a service.
 * @param labels the labels that select one series of the metric
 * @returns null if there is no such series
 */
export async function readMetric(
  { managementUrl }: ServiceProcess,
  name: string,
  labels: Record<string, string> = {},
): Promise<number | null> {
  const lines = (await (await fetch(`${managementUrl}/metrics`)).text()).split('\n');
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const line = lines.find((text) => text.startsWith(`${name}{`) && wanted.every((label) => text.includes(label)));
  return line === undefined ? null : Number(line.slice(line.lastIndexOf(' ')));
}

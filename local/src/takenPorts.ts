import { isTaken } from './processes/ports.ts';
import type { Settings } from './settings.ts';

/**
 * Checks the ports before anything starts.
 * @throws naming each port that is in use, and the service that needs it
 */
export async function refuseTakenPorts({ ports, managementPorts, postgres }: Settings): Promise<void> {
  const wanted = [
    ...Object.entries(ports).map(([name, port]) => ({ name, port, use: name })),
    ...Object.entries(managementPorts).map(([name, port]) => ({
      name,
      port,
      use: `the health and metrics of ${name}`,
    })),
    ...('port' in postgres ? [{ name: 'postgres', port: postgres.port, use: 'PostgreSQL' }] : []),
  ];
  const taken = await Promise.all(wanted.map(({ port }) => isTaken(port)));
  const faults = wanted.flatMap(({ name, port, use }, i) => {
    const other = wanted.slice(0, i).find((earlier) => earlier.port === port);
    if (other) return [`port ${port} is wanted twice, for ${other.use} and for ${use}`];
    if (!taken[i]) return [];
    return [`port ${port}, wanted for ${use}, is taken already (${name.toUpperCase()}_PORT chooses another)`];
  });
  if (faults.length) throw new Error(faults.join('; '));
}

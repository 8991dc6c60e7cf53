/** What a person who runs the system reads. */
export interface Output {
  print(text: string): void;
  /** A step of the start, with the time since it began. */
  step(text: string): void;
  /** Something that happened while it runs, with the time of day. */
  event(text: string): void;
}

export function createOutput(): Output {
  const began = performance.now();
  // whoever read it may be gone (`make start | head`): no reason to stop
  process.stdout.on('error', () => undefined);
  const print = (text: string) => void process.stdout.write(`${text}\n`);
  return {
    print,
    step: (text) => print(`${((performance.now() - began) / 1000).toFixed(2).padStart(7)} s  ${text}`),
    event: (text) => print(`${new Date().toTimeString().slice(0, 8)}  ${text}`),
  };
}

/** An error and what caused it, for a person. */
export function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // such as the attempts to connect to each address of a host
  if (error instanceof AggregateError) return error.errors.map(told).join(', ');
  return error.cause instanceof Error ? `${error.message} (${told(error.cause)})` : error.message;
}

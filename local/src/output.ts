/** Writes to the terminal of the person who runs the system. */
export interface Output {
  print(text: string): void;
  /** Reports a step of the start, with the time since it began. */
  step(text: string): void;
  /** Reports an event, with the time of day. */
  event(text: string): void;
}

export function createOutput(): Output {
  const began = performance.now();
  // the reader may be gone, as in `make start | head`; that is no reason to stop
  process.stdout.on('error', () => undefined);
  const print = (text: string) => void process.stdout.write(`${text}\n`);
  return {
    print,
    step: (text) => print(`${((performance.now() - began) / 1000).toFixed(2).padStart(7)} s  ${text}`),
    event: (text) => print(`${new Date().toTimeString().slice(0, 8)}  ${text}`),
  };
}

/** Gives the message of an error, and that of its cause. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // such as attempts to connect to each address of a host
  if (error instanceof AggregateError) return error.errors.map(messageOf).join(', ');
  return error.cause instanceof Error ? `${error.message} (${messageOf(error.cause)})` : error.message;
}

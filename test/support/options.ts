/** The options of a command, or the end of the process with 2 and one line of why there are none. */
export function optionsOrExit<Options>(read: () => Options): Options {
  try {
    return read();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${message.replaceAll('\n', ' ')}\n`);
    process.exit(2);
  }
}

/** @throws where an option is not a whole number, or too small a one */
export function wholeNumber(name: string, text: string, least: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`--${name} ${text}: it has to be a whole number, ${least} at least`);
}

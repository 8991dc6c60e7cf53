/** Reads the options of a command. If they are invalid, prints one line and exits with 2. */
export function optionsOrExit<Options>(read: () => Options): Options {
  try {
    return read();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${message.replaceAll('\n', ' ')}\n`);
    process.exit(2);
  }
}

/** @throws if the text of an option is not a whole number, or less than `min` */
export function wholeNumber(name: string, text: string, min: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(value) && value >= min) return value;
  throw new Error(`--${name} must be a whole number of at least ${min} (got ${JSON.stringify(text)})`);
}

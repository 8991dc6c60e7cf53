/** Ends the process: what it was asked for cannot be done. */
export function refuse(why: string): never {
  process.stderr.write(`${why}\n`);
  process.exit(2);
}

/** The whole number that an option is given as, or the end of the process where it is none, or too small. */
export function wholeNumber(option: string, value: string, { least }: { least: number }): number {
  const number = /^\d+$/.test(value) ? Number(value) : NaN;
  if (!Number.isSafeInteger(number) || number < least)
    refuse(`--${option} is a whole number from ${least} on, not "${value}"`);
  return number;
}

/** What is parsed, or the end of the process with why it cannot be. */
export function parsed<Values>(parse: () => { values: Values }): Values {
  try {
    return parse().values;
  } catch (error) {
    return refuse(String(error instanceof Error ? error.message : error).replaceAll('\n', ' '));
  }
}

import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** How often the file of a token is read, in milliseconds. */
const rereadMs = 1_000;

/** Nobody means the line end that editors and `echo` put at the end. */
const withoutLineEnd = (text: string) => text.replace(/[\r\n]+$/, '');

export const readSecretFileSync = (path: string) => withoutLineEnd(readFileSync(path, 'utf8'));
export const readSecretFile = async (path: string) => withoutLineEnd(await readFile(path, 'utf8'));

interface LiveSecretOptions {
  file: string | undefined;
  /** Of a valid secret, in characters. */
  minLength: number;
  /** Whether a file that is gone means that there is no secret any more. */
  mayBeMissing?: boolean;
}

/**
 * Keeps a secret as its file has it, so that it can be changed while the process runs.
 * @param secret what the file had at the start; undefined if there was none
 */
export class LiveSecret {
  readonly #mayBeMissing: boolean;
  #current: string | undefined;
  #replaced: { secret: string; at: number }[] = [];

  constructor(secret: string | undefined, { file, minLength, mayBeMissing = false }: LiveSecretOptions) {
    this.#current = secret;
    this.#mayBeMissing = mayBeMissing;
    if (file !== undefined) setInterval(() => this.#read(file, minLength), rereadMs).unref();
  }

  /** The secret; the last valid one while the file has none. */
  get current(): string | undefined {
    return this.#current;
  }

  /** The secret, and those that were replaced just now: the other process may not have read the new one yet. */
  get recent(): string[] {
    this.#replaced = this.#replaced.filter(({ at }) => performance.now() - at < 3 * rereadMs);
    return [this.#current, ...this.#replaced.map(({ secret }) => secret)].filter((secret) => secret !== undefined);
  }

  #read(file: string, minLength: number): void {
    try {
      const text = readSecretFileSync(file);
      if (text.length >= minLength) this.#replace(text);
    } catch (error) {
      const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      if (isMissing && this.#mayBeMissing) this.#replace(undefined);
    }
  }

  #replace(secret: string | undefined): void {
    if (secret === this.#current) return;
    if (this.#current !== undefined) this.#replaced.push({ secret: this.#current, at: performance.now() });
    this.#current = secret;
  }
}

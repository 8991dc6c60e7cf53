import { readSecretFile } from '../runtime/secretFile.ts';

/**
 * A password that is read again for each new connection. While PostgreSQL has another one, the last one that it accepted
 * is used too: file and server cannot change in the same moment.
 */
export class PasswordFile {
  readonly #path: string;
  #accepted: string | undefined;
  #rejected: string | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Gives the password to try next. */
  async read(): Promise<string> {
    const written = await readSecretFile(this.#path).catch((cause: unknown) => {
      if (this.#accepted !== undefined) return this.#accepted;
      throw new Error(`DATABASE_PASSWORD_FILE: ${(cause as Error).message}`, { cause });
    });
    return written === this.#rejected ? (this.#accepted ?? written) : written;
  }

  accepted(password: string): void {
    this.#accepted = password;
  }

  rejected(password: string): void {
    this.#rejected = password;
    // neither is preferred any more
    if (password === this.#accepted) this.#rejected = undefined;
  }
}

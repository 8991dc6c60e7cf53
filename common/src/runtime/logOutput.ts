import { write, writeSync } from 'node:fs';

/** Characters of lines that wait to be written. A log that nobody reads must not take all memory. */
const maxWaiting = 4 * 1024 * 1024;
/** Between two attempts to write to a pipe that is full, in milliseconds. */
const retryMs = 50;

/**
 * Writes log lines to a file descriptor, and never fails or blocks: a service serves on without its log. A line is
 * dropped if it cannot be written, because the disk is full or the reader of the pipe is gone, and while too many
 * others wait, because nobody reads the pipe. Pino's own output, sonic-boom, retries for ever when it flushes to a full
 * disk, so that a process that ends with an error would stay.
 */
export class LogOutput {
  /** The lines that were dropped since the start. */
  dropped = 0;
  readonly #fd: number;
  readonly #onRecovered: (dropped: number) => void;
  #lines: string[] = [];
  #waiting = 0;
  #isWriting = false;
  #reported = 0;

  /**
   * @param fd should not block, which is what Node makes of a pipe when `process.stdout` is first used
   * @param onRecovered called with the number of dropped lines when all that waited is written
   */
  constructor(fd: number, onRecovered: (dropped: number) => void) {
    this.#fd = fd;
    this.#onRecovered = onRecovered;
  }

  write(line: string): void {
    if (this.#waiting + line.length > maxWaiting) {
      this.dropped += 1;
      return;
    }
    this.#lines.push(line);
    this.#waiting += line.length;
    if (!this.#isWriting) this.#writeWaiting();
  }

  /** Writes what waits before the process ends, as far as that is possible at once. */
  flushSync(): void {
    try {
      // what is being written is written even if the process ends
      writeSync(this.#fd, this.#take().text);
    } catch {
      // there is no other place to say so
    }
  }

  #take(): { text: string; count: number } {
    const taken = { text: this.#lines.join(''), count: this.#lines.length };
    this.#lines = [];
    this.#waiting = 0;
    return taken;
  }

  #writeWaiting(): void {
    const { text, count } = this.#take();
    this.#isWriting = count > 0;
    if (count > 0) this.#writeAll(Buffer.from(text), count);
  }

  #writeAll(bytes: Buffer, count: number): void {
    write(this.#fd, bytes, (error, written) => {
      if (error?.code === 'EAGAIN') {
        setTimeout(() => this.#writeAll(bytes, count), retryMs).unref();
        return;
      }
      if (!error && written < bytes.length) {
        this.#writeAll(bytes.subarray(written), count);
        return;
      }
      if (error) this.dropped += count;
      else if (this.#lines.length === 0) this.#reportDropped();
      this.#writeWaiting();
    });
  }

  #reportDropped(): void {
    const since = this.dropped - this.#reported;
    if (since === 0) return;
    this.#reported = this.dropped;
    this.#onRecovered(since);
  }
}

import { spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LogOutput } from '@attendance/common/runtime/logOutput';
import { expect } from 'chai';

/** As long as a long log line. */
const line = (i: number) => `${JSON.stringify({ i, padding: 'x'.repeat(1_000) })}\n`;

describe('the output of the log', () => {
  let folder: string;
  let pipe: number;
  const recovered: number[] = [];
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'attendance-log-'));
    spawnSync('mkfifo', [join(folder, 'pipe')]);
    // both ends of the pipe in one descriptor
    pipe = openSync(join(folder, 'pipe'), constants.O_RDWR | constants.O_NONBLOCK);
  });
  after(() => {
    closeSync(pipe);
    rmSync(folder, { recursive: true });
  });

  /** Reads what the pipe holds, without waiting for more. */
  function drain(): string {
    const bytes = Buffer.alloc(1024 * 1024);
    try {
      return bytes.toString('utf8', 0, readSync(pipe, bytes));
    } catch {
      return '';
    }
  }

  it('drops lines while nobody reads the pipe, and writes those that waited, whole and in order, when somebody does', async () => {
    const output = new LogOutput(pipe, (dropped) => recovered.push(dropped));
    const sent = 10_000;
    for (let i = 0; i < sent; i += 1) output.write(line(i));
    expect(output.dropped).to.be.within(5_000, sent);
    let text = '';
    while (recovered.length === 0) {
      await sleep(1);
      text += drain();
    }
    text += drain();
    const kept = sent - output.dropped;
    expect(text).to.equal(Array.from({ length: kept }, (_, i) => line(i)).join(''));
    expect(recovered).to.deep.equal([output.dropped]);
  });

  it('drops and counts lines that cannot be written, and never fails', async () => {
    const full = openSync('/dev/full', 'w');
    const output = new LogOutput(full, () => undefined);
    for (let i = 0; i < 100; i += 1) output.write(line(i));
    while (output.dropped < 100) await sleep(1);
    output.write(line(100));
    output.flushSync();
    closeSync(full);
  });

  it('writes what waits when the process ends', () => {
    const output = new LogOutput(pipe, () => undefined);
    // the first line is being written when the others are added
    for (let i = 0; i < 3; i += 1) output.write(line(i));
    output.flushSync();
    expect(drain()).to.include(line(1) + line(2));
  });
});

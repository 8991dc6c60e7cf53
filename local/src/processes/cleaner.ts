import { spawn, type ChildProcess } from 'node:child_process';

/**
 * Starts a process that cleans up and removes a folder if this process is killed. Its input gets no data, and closes when
 * this process is gone. Kill it when the folder is removed in good order.
 * @param cleanUp a shell script, in which `$1` is the folder
 */
export function startCleaner(folder: string, cleanUp: string): ChildProcess {
  const script = `read -r nothing\n${cleanUp}\nsleep 1\nrm -rf "$1"`;
  const child = spawn('/bin/sh', ['-c', script, 'sh', folder], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.unref();
  return child;
}

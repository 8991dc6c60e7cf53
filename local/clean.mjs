/*
 * Removes what a start and a build leave behind, data included. Plain JavaScript without dependencies, because it has
 * to work whatever state the rest is in.
 */
import { existsSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packages } from './packages.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const dataFolder = resolve(root, process.env.DATA_FOLDER || '.data');

// without a build nothing can have been started
if (existsSync(dataFolder) && existsSync(join(root, 'local/dist/leftovers.js'))) {
  const [{ runnerOf }, { endLeftovers }] = await Promise.all([import('./dist/lock.js'), import('./dist/leftovers.js')]);
  const runner = runnerOf(dataFolder);
  if (runner !== undefined) {
    process.stderr.write(`The system runs, as process ${runner}: stop it with Ctrl-C there, then clean.\n`);
    process.exit(1);
  }
  await endLeftovers(dataFolder);
}

for (const path of [
  dataFolder,
  ...packages.flatMap((name) => [join(name, 'dist'), join(name, 'tsconfig.tsbuildinfo')]),
])
  rmSync(resolve(root, path), { recursive: true, force: true });

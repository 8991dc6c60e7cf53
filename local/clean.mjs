/* Removes the data and the build. Plain JavaScript without dependencies, because it has to work without a build. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const dataFolder = resolve(root, process.env.DATA_FOLDER || '.data');

// without a build nothing can have been started
if (existsSync(dataFolder) && existsSync(join(root, 'local/dist/lock.js'))) {
  const [{ runnerOf }, { endOrphans }] = await Promise.all([import('./dist/lock.js'), import('./dist/orphans.js')]);
  const runner = runnerOf(dataFolder);
  if (runner !== undefined) {
    process.stderr.write(`The system is running: stop it with Ctrl-C, or with \`kill ${runner}\`, then clean.\n`);
    process.exit(1);
  }
  await endOrphans(dataFolder);
}

const { references } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
const built = references.flatMap(({ path }) => [join(path, 'dist'), join(path, 'tsconfig.tsbuildinfo')]);
for (const path of [dataFolder, ...built]) rmSync(resolve(root, path), { recursive: true, force: true });

/*
 * Installs and builds what is missing or out of date. Plain JavaScript without dependencies, because it runs before
 * there is anything else.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const oldestNode = [20, 19];
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

try {
  refuseOldNode();
  install();
  build();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

function refuseOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]))
    throw new Error(`Node ${oldestNode.join('.')} or later is needed (this is ${process.versions.node}): install it`);
}

function install() {
  if (isInstalled()) return;
  // NODE_ENV=production leaves out the compiler, and `omit=optional` the embedded PostgreSQL
  const included = ['--include=dev', '--include=optional'];
  run('Installing packages', 'npm', ['ci', ...included, '--no-audit', '--no-fund', '--loglevel=error']);
}

/** Whether each package of package-lock.json is installed. Optional ones, such as those for other platforms, may be missing. */
function isInstalled() {
  const wanted = readPackages('package-lock.json');
  // npm writes it last, so it is missing after an interrupted installation
  const installed = readPackages('node_modules/.package-lock.json');
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (!path.includes('node_modules/') || (optional && !installed[path])) return true;
    return installed[path] && installed[path].version === version && existsSync(join(root, path, 'package.json'));
  });
}

function readPackages(lockFile) {
  const path = join(root, lockFile);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : {};
}

function build() {
  const { references } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
  // the compiler looks at this file only: it would not notice that the output is missing
  for (const { path } of references)
    if (!existsSync(join(root, path, 'dist'))) rmSync(join(root, path, 'tsconfig.tsbuildinfo'), { force: true });
  run('Building', process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b']);
}

function run(step, command, args) {
  const began = Date.now();
  process.stdout.write(`${step} …\n`);
  const { status, signal, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  const failure = error?.message ?? signal ?? (status !== 0 && `exit code ${status}`);
  if (failure) throw new Error(`${step} failed: ${[command, ...args].join(' ')}: ${failure}`);
  process.stdout.write(`${step} took ${((Date.now() - began) / 1000).toFixed(1)} s\n`);
}

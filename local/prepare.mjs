/*
 * Installs and builds what is missing or old, and says so; silent where nothing is to be done. Plain JavaScript
 * without dependencies, because it runs before there is anything else.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packages } from './packages.mjs';

const oldestNode = [20, 19];
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'local/dist/.built');

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
    throw new Error(`This needs Node ${oldestNode.join('.')} or later, and here is ${process.versions.node}.`);
}

function install() {
  // npm writes it last, so an installation that was interrupted has none
  const installed = modified(join(root, 'node_modules/.package-lock.json'));
  if (installed >= modified(join(root, 'package-lock.json'))) return;
  run('Installing packages', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}

function build() {
  const built = modified(stamp);
  const incomplete = packages.filter((name) => !existsSync(join(root, name, 'dist')));
  const current = incomplete.length === 0 && !newerThan(built);
  if (current) return;
  // without its output, what the compiler remembers of a package would keep it from building it
  for (const name of incomplete) rmSync(join(root, name, 'tsconfig.tsbuildinfo'), { force: true });
  const began = new Date();
  run('Building', join(root, 'node_modules/.bin/tsc'), ['-b']);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, '');
  // what was edited meanwhile is newer than this
  utimesSync(stamp, began, began);
}

/** Whether a source is newer; a folder is when a file was added to it or removed. */
function newerThan(time) {
  const settings = ['tsconfig.json', 'tsconfig.base.json', 'package-lock.json'].map((name) => join(root, name));
  const own = packages.flatMap((name) => ['tsconfig.json', 'package.json'].map((file) => join(root, name, file)));
  return (
    [...settings, ...own].some((path) => modified(path) > time) ||
    packages.some((name) => inFolder(join(root, name, 'src')))
  );

  function inFolder(folder) {
    if (modified(folder) > time) return true;
    return readdirSync(folder, { withFileTypes: true }).some((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? inFolder(path) : entry.name.endsWith('.ts') && modified(path) > time;
    });
  }
}

/** In milliseconds since 1970; 0 if it is not there. */
function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function run(what, command, args) {
  const began = Date.now();
  process.stdout.write(`${what} (${[command.split('/').pop(), ...args].join(' ')}) …\n`);
  const { status, signal, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (error) throw new Error(`${what} failed: ${error.message}`);
  if (status !== 0) throw new Error(`${what} failed (${signal ?? `exit code ${status}`}).`);
  process.stdout.write(`${what} took ${((Date.now() - began) / 1000).toFixed(1)} s\n`);
}

import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Code } from '../code.ts';
import type { Mutation } from './mutations.ts';

const root = resolve(import.meta.dirname, '../../..');

/** Copies of the protocol and of the owners in memory, with the mutation's patches, loaded beside the real ones. */
export async function mutate({ name, patches }: Mutation): Promise<Code> {
  const folder = resolve(root, 'node_modules/.cache/mutants', `${name.replaceAll(/[^a-z0-9]+/g, '-')}-${process.pid}`);
  await rm(folder, { recursive: true, force: true });
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(resolve(folder, 'package.json'), '{ "type": "module" }');
    await cp(resolve(root, 'services/gateway/src/protocol'), resolve(folder, 'protocol'), { recursive: true });
    await cp(resolve(root, 'verification/simulation/owner'), resolve(folder, 'owner'), { recursive: true });
    for (const { file, from, to } of patches) await patch(resolve(folder, file), from, to);
    const files = ['protocol/protocol.ts', 'protocol/failures.ts', 'owner/memoryOwner.ts'];
    const modules = await Promise.all(
      files.map((file) => import(pathToFileURL(resolve(folder, file)).href) as Promise<Partial<Code>>),
    );
    return Object.assign({}, ...modules) as Code;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @throws where the text that is replaced is not there exactly once: the code has changed, and so must the patch */
async function patch(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const count = text.split(from).length - 1;
  if (count !== 1) throw new Error(`${file} has ${count} times: ${from}`);
  await writeFile(
    file,
    text.replace(from, () => to),
  );
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** A fenced block of a document. */
export interface Block {
  /** The nearest heading above it, such as `## Run it`. */
  heading: string;
  /** What follows the fence; empty for drawings. */
  language: string;
  text: string;
}

/** Lists the Markdown files of the repository. */
export function documents(): string[] {
  // docs/api is generated
  const others = /^(\.|node_modules$|dist$|api$)/;
  const below = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter(({ name }) => !others.test(name))
      .flatMap((entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return below(path);
        return path.endsWith('.md') ? [path] : [];
      });
  return below('');
}

/** Returns all fenced blocks of a document, in order. */
export function blocksOf(document: string): Block[] {
  const blocks: Block[] = [];
  let heading = '';
  let open: { block: Block; lines: string[] } | undefined;
  for (const line of readFileSync(join(root, document), 'utf8').split('\n')) {
    const [, fence] = /^ *```(.*)$/.exec(line) ?? [];
    if (open && fence !== undefined) {
      open.block.text = open.lines.map((one) => `${one}\n`).join('');
      open = undefined;
    } else if (open) open.lines.push(line);
    else if (fence !== undefined) {
      open = { block: { heading, language: fence.trim(), text: '' }, lines: [] };
      blocks.push(open.block);
    } else if (/^#+ /.test(line)) heading = line;
  }
  return blocks;
}

export const isCommand = ({ language }: Block) => ['sh', 'bash', 'shell', 'console'].includes(language);

/**
 * Returns the commands of a document, or those below one of its headings: the text of each block, in order. Each call
 * must name both literally, because `test/docs/commands.test.ts` looks for it.
 *
 * @throws if there are none
 */
export function commandsOf(document: string, heading?: string): string[] {
  const blocks = blocksOf(document).filter((block) => isCommand(block) && (heading ?? block.heading) === block.heading);
  if (blocks.length === 0) throw new Error(`${document} has no commands${heading ? ` below "${heading}"` : ''}`);
  return blocks.map(({ text }) => text);
}

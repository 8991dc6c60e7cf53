import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { problemTypes } from '@attendance/common/contract/problems';
import type { Row } from './row.ts';
import { rows } from './rows.ts';

/*
 * npx tsx test/system/http/document.ts    writes the table of docs/http.md
 */

const path = fileURLToPath(new URL('../../../docs/http.md', import.meta.url));
const begin = '<!-- written by test/system/http/document.ts -->\n';
const end = '<!-- end of the table -->\n';

/** The page, and what it should contain. */
export const document = {
  path,
  text(): string {
    const page = readFileSync(path, 'utf8');
    const [before = '', rest = ''] = page.split(begin);
    const [, after = ''] = rest.split(end);
    const sections = Object.entries(rows).map(([title, table]) => `\n## ${title}\n\n${tableOf(table)}\n`);
    return `${before}${begin}${sections.join('')}\n${end}${after}`;
  },
};

function tableOf(table: Row[]): string {
  const lines = table.map((row) => `| ${row.section} | ${row.what} | ${answerOf(row)} |`);
  return ['| RFC | a client sends | answer |', '| --- | --- | --- |', ...lines]
    .map((line) => line.replaceAll('||', '\\|'))
    .join('\n');
}

function answerOf({ status, code, path: fault, interim = [], closes, note, at }: Row): string {
  const statuses = [...interim, ...[status].flat()].join(', ');
  const parts = [
    code && code !== problemOf(status) ? `${statuses} \`${code}\`` : statuses,
    typeof fault === 'string' ? `\`${fault}\`` : undefined,
    closes && (closes === 'some' ? 'may close' : 'closes'),
    at ? `${at.join(' and ')} only` : undefined,
    note,
  ];
  return parts.filter((part) => part !== undefined).join('; ');
}

/** The code that goes without saying: the only one that has this status. */
function problemOf(status: number | number[]): string | undefined {
  const codes = Object.entries(problemTypes).filter(([, type]) => type.status === status);
  return codes.length === 1 ? codes[0]?.[0] : undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(path, document.text());

// Generates the table of values in each chart's README from the comments in its values.yaml. With --check, reports the
// READMEs that are out of date.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';

const begin = '<!-- values: written by charts/readme.mjs -->';
const end = '<!-- end of values -->';

/** Returns the comment above each key, by the key's path. */
function commentsOf(text) {
  const comments = new Map();
  const path = [];
  let comment = [];
  for (const line of text.split('\n')) {
    const [, remark] = /^\s*# ?(.*)$/.exec(line) ?? [];
    const [, indent, key] = /^( *)([\w.-]+):/.exec(line) ?? [];
    if (remark !== undefined) comment.push(remark);
    else if (key !== undefined) {
      path.length = indent.length / 2;
      path.push(key);
      if (comment.length > 0) comments.set(path.join('.'), comment.join(' '));
      comment = [];
    } else comment = [];
  }
  return comments;
}

const isMap = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns a row for each value that has a comment. A map whose keys have comments has a row for each key instead. */
function rows(values, comments, path = []) {
  return Object.entries(values).flatMap(([key, value]) => {
    const name = [...path, key].join('.');
    const comment = comments.get(name);
    const below = [...comments.keys()].some((other) => other.startsWith(`${name}.`));
    if (isMap(value) && below && !comment) return rows(value, comments, [...path, key]);
    if (!comment) throw new Error(`${name} has no comment`);
    return `| \`${name}\` | \`${JSON.stringify(value).replaceAll('|', '\\|')}\` | ${comment.replaceAll('|', '\\|')} |`;
  });
}

function withValues(readme, text) {
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error(`needs the lines "${begin}" and "${end}"`);
  const table = ['| value | default | |', '| --- | --- | --- |', ...rows(parse(text), commentsOf(text))].join('\n');
  return `${readme.slice(0, from)}${begin}\n${table}\n${readme.slice(to)}`;
}

for (const chart of readdirSync(import.meta.dirname)) {
  const file = (name) => new URL(`${chart}/${name}`, import.meta.url);
  if (!existsSync(file('values.yaml'))) continue;
  const readme = readFileSync(file('README.md'), 'utf8');
  const wanted = withValues(readme, readFileSync(file('values.yaml'), 'utf8'));
  if (wanted === readme) continue;
  if (process.argv.includes('--check')) {
    console.error(`charts/${chart}/README.md is out of date: node charts/readme.mjs`);
    process.exitCode = 1;
  } else writeFileSync(file('README.md'), wanted);
}

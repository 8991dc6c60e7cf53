// Generates from each chart's values.yaml and its comments the table of values in the README, and files/defaults.yaml,
// with each row of that table, for the templates. With --check, reports the files that are out of date.
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
    return { name, value: JSON.stringify(value), comment };
  });
}

const inTable = (text) => text.replaceAll('|', '\\|');
const tableRow = ({ name, value, comment }) => `| \`${name}\` | \`${inTable(value)}\` | ${inTable(comment)} |`;

const defaults = (all) =>
  `# The default of each value, by its path: written by charts/readme.mjs from values.yaml.
${all.map(({ name, value }) => `${name}: ${value}`).join('\n')}
`;

function withTable(readme, all) {
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error(`needs the lines "${begin}" and "${end}"`);
  const table = ['| value | default | |', '| --- | --- | --- |', ...all.map(tableRow)].join('\n');
  return `${readme.slice(0, from)}${begin}\n${table}\n${readme.slice(to)}`;
}

for (const chart of readdirSync(import.meta.dirname)) {
  const file = (name) => new URL(`${chart}/${name}`, import.meta.url);
  if (!existsSync(file('values.yaml'))) continue;
  const text = readFileSync(file('values.yaml'), 'utf8');
  const all = rows(parse(text), commentsOf(text));
  const written = (name) => (existsSync(file(name)) ? readFileSync(file(name), 'utf8') : '');
  const wanted = { 'README.md': withTable(written('README.md'), all), 'files/defaults.yaml': defaults(all) };
  for (const [name, content] of Object.entries(wanted)) {
    if (content === written(name)) continue;
    if (process.argv.includes('--check')) {
      console.error(`charts/${chart}/${name} is out of date: node charts/readme.mjs`);
      process.exitCode = 1;
    } else writeFileSync(file(name), content);
  }
}

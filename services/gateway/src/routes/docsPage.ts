/*
 * The page of `GET /docs`. The browser builds it from /openapi.json, so no part of the contract is repeated here. It
 * loads nothing from elsewhere.
 */

export const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; --line: #8884; --soft: #8882; }
body { max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
h1 { margin-bottom: 0; }
code, pre, input, textarea { font-family: ui-monospace, monospace; font-size: 0.875rem; }
details { border: 1px solid var(--line); border-radius: 6px; margin: 0.5rem 0; }
summary { cursor: pointer; padding: 0.5rem 0.75rem; display: flex; gap: 0.75rem; align-items: baseline; flex-wrap: wrap; }
summary small { opacity: 0.7; margin-left: auto; }
form { padding: 0 0.75rem 0.75rem; display: grid; gap: 0.5rem; }
label { display: grid; grid-template-columns: 9rem 1fr; gap: 0.5rem; align-items: start; }
input, textarea { padding: 0.25rem 0.5rem; border: 1px solid var(--line); border-radius: 4px; background: transparent; color: inherit; }
button { justify-self: start; padding: 0.25rem 1rem; }
b { display: inline-block; width: 4.5rem; font-family: ui-monospace, monospace; }
b.get { color: #2a7ae2; } b.post { color: #2b8a3e; } b.delete { color: #d9480f; }
ul { margin: 0; padding-left: 1.25rem; font-size: 0.875rem; }
pre { background: var(--soft); padding: 0.75rem; border-radius: 4px; overflow: auto; max-height: 24rem; margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
`;

export const script = `
'use strict';
// relative to this page: a proxy may have stripped a prefix
const root = location.pathname.replace(/docs\\/?$/, '');
const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

function field(parameter) {
  const input = element('input', { name: parameter.name, required: parameter.required, placeholder: parameter.schema.format ?? parameter.schema.type ?? '' });
  input.dataset.in = parameter.in;
  return element('label', { title: parameter.description ?? '' }, element('span', {}, parameter.name + (parameter.required ? ' *' : '')), input);
}

function example(schema) {
  const values = Object.entries(schema.properties ?? {}).map(([name, property]) => [name, property.type === 'integer' ? 1 : '']);
  return JSON.stringify(Object.fromEntries(values));
}

async function send(method, template, form, output) {
  const query = new URLSearchParams();
  let path = root + template.slice(1);
  for (const input of form.querySelectorAll('input')) {
    if (input.dataset.in === 'path') path = path.replace('{' + input.name + '}', encodeURIComponent(input.value.trim()));
    else if (input.value !== '') query.set(input.name, input.value.trim());
  }
  const url = path + (query.size > 0 ? '?' + query : '');
  const body = form.querySelector('textarea')?.value;
  const started = performance.now();
  try {
    const response = await fetch(url, { method, body, headers: body === undefined ? {} : { 'content-type': 'application/json' } });
    const text = await response.text();
    const head = [method + ' ' + url, response.status + ' in ' + Math.round(performance.now() - started) + ' ms', 'x-request-id: ' + response.headers.get('x-request-id')];
    if (response.headers.has('location')) head.push('location: ' + response.headers.get('location'));
    let shown = text;
    try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch {}
    output.textContent = head.join('\\n') + '\\n\\n' + shown;
  } catch (error) {
    output.textContent = String(error);
  }
}

function describe(path, method, operation) {
  const form = element('form');
  const output = element('pre', { hidden: true });
  if (operation.description) form.append(element('span', {}, operation.description));
  form.append(...operation.parameters.map(field));
  const schema = operation.requestBody?.content['application/json'].schema;
  if (schema) form.append(element('label', {}, element('span', {}, 'body'), element('textarea', { value: example(schema), rows: 2 })));
  form.append(element('button', {}, 'Send'), output);
  form.append(element('ul', {}, ...Object.entries(operation.responses).map(([status, { description }]) => element('li', {}, element('code', {}, status), ' ' + description))));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    output.hidden = false;
    output.textContent = '…';
    void send(method.toUpperCase(), path, form, output);
  });
  const title = element('summary', {}, element('b', { className: method }, method.toUpperCase()), element('code', {}, path), element('small', {}, operation.summary));
  return element('details', {}, title, form);
}

document.querySelector('a').href = root + 'openapi.json';
fetch(root + 'openapi.json').then((response) => response.json()).then((document_) => {
  const list = document.querySelector('main');
  list.textContent = '';
  for (const [path, methods] of Object.entries(document_.paths))
    for (const [method, operation] of Object.entries(methods)) list.append(describe(path, method, operation));
}).catch((error) => { document.querySelector('main').textContent = String(error); });
`;

export const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Attendance</title>
<style>${style}</style>
</head>
<body>
<h1>Attendance</h1>
<p>Who attends which event. The contract is at <a href="openapi.json">openapi.json</a>; each operation can be tried here.</p>
<main>Loading …</main>
<script>${script}</script>
</body>
</html>
`;

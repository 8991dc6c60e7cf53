/*
 * Runs in a pod of the cluster and sends requests to the Service at a steady rate. Each worker has its own pairs, so it
 * knows the expected status of each request. Prints a report as one line after SIGTERM.
 */
import http from 'node:http';

const [gateway, rate] = process.argv.slice(1);
const workers = 16;
const pause = (workers / Number(rate)) * 1_000;

// closes idle connections before the server does, so that no request meets a closed connection
const agent = new http.Agent({ keepAlive: true, maxSockets: workers, timeout: 3_000 });
const report = { requests: 0, adds: 0, connectionErrors: 0, serverErrors: 0, wrong: 0, statuses: {}, examples: [] };
let stopping = false;
process.on('SIGTERM', () => (stopping = true));

function request(method, path, body) {
  return new Promise((resolve) => {
    const headers = body ? { 'content-type': 'application/json' } : {};
    const outgoing = http.request(gateway + path, { agent, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode, text }));
      response.on('error', (error) => resolve({ error }));
    });
    outgoing.setTimeout(10_000, () => outgoing.destroy(new Error('no answer in 10 s')));
    // an idle socket may time out just as it is reused: nothing was sent on it
    outgoing.on('error', (error) => resolve({ error }));
    outgoing.end(body && JSON.stringify(body));
  });
}

async function ask(expected, method, path, body) {
  const { status, text, error } = await request(method, path, body);
  report.requests++;
  if (method === 'POST') report.adds++;
  if (error) report.connectionErrors++;
  else if (status >= 500) report.serverErrors++;
  else if (status !== expected) report.wrong++;
  report.statuses[status ?? error.code ?? error.message] =
    (report.statuses[status ?? error.code ?? error.message] ?? 0) + 1;
  if (status !== expected && report.examples.length < 10)
    report.examples.push(
      `${new Date().toISOString()} ${method} ${path}: ${error ?? `${status} ${text}`}, not ${expected}`,
    );
  return { status, body: text ? JSON.parse(text) : undefined };
}

async function create(path, body) {
  for (;;) {
    const { status, body: created } = await ask(201, 'POST', path, body);
    if (status === 201) return created.id;
  }
}

async function work(events) {
  const author = await create('/author', { full_name: 'A worker' });
  for (let i = 0; !stopping; i++) {
    const pair = `/event/${events[i % events.length]}/attendance/${author}`;
    for (const [expected, method, path] of [
      [201, 'POST', pair],
      [200, 'POST', pair],
      [200, 'GET', pair],
      [200, 'GET', `/author/${author}/attendance`],
      [204, 'DELETE', pair],
      [404, 'GET', pair],
    ]) {
      const start = performance.now();
      await ask(expected, method, path);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, pause - (performance.now() - start))));
    }
  }
}

const conference = await create('/conference', { acronym: 'STEADY' });
const events = [];
for (let seq = 1; seq <= 10; seq++) events.push(await create('/event', { conference_id: conference, seq }));
const counting = setInterval(() => console.log(JSON.stringify({ requests: report.requests })), 1_000);
await Promise.all(Array.from({ length: workers }, () => work(events)));
clearInterval(counting);
console.log(JSON.stringify({ report }));
agent.destroy();

// Run by `helm test`: through the gateway to both services and both databases, and what it made is deleted again.
const gateway = process.env.GATEWAY;
const failures = [];

/** One request; says what came, and whether it is what was wanted. */
async function ask(wanted, method, path, body) {
  const response = await fetch(gateway + path, {
    method,
    signal: AbortSignal.timeout(10_000),
    ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
  });
  const text = await response.text();
  const right = response.status === wanted;
  console.log(`${right ? 'ok' : 'NOT OK'}: ${method} ${path}: ${response.status}${right ? '' : ` ${text}`}`);
  if (!right) failures.push(`${method} ${path} answers ${response.status}, not ${wanted}`);
  return text ? JSON.parse(text) : undefined;
}

function check(what, holds) {
  console.log(`${holds ? 'ok' : 'NOT OK'}: ${what}`);
  if (!holds) failures.push(what);
}

/** Makes an entity, and remembers to delete it. */
const made = [];
async function make(path, body) {
  const entity = await ask(201, 'POST', path, body);
  if (!entity?.id) throw new Error(`POST ${path} made nothing`);
  made.push(`${path}/${entity.id}`);
  return entity;
}

try {
  const author = await make('/author', { full_name: 'helm test' });
  const conference = await make('/conference', { acronym: 'HELM' });
  const event = await make('/event', { conference_id: conference.id, seq: 1 });

  const pair = `/event/${event.id}/attendance/${author.id}`;
  await ask(201, 'POST', pair);
  await ask(200, 'POST', pair);
  await ask(200, 'GET', pair);

  const { attendees } = await ask(200, 'GET', `/event/${event.id}/attendance`);
  check('the event knows its author', attendees?.[0]?.id === author.id);
  const { events } = await ask(200, 'GET', `/author/${author.id}/attendance`);
  check('the author knows the event', events?.[0]?.id === event.id);
  const byConference = await ask(200, 'GET', `/conference/${conference.id}/attendance`);
  check('the conference knows both', byConference.attendees?.[0]?.events?.[0] === event.id);

  await ask(204, 'DELETE', pair);
  await ask(404, 'GET', pair);
} catch (error) {
  failures.push(`${error.message}${error.cause ? `: ${error.cause.message}` : ''}`);
} finally {
  for (const path of made.reverse())
    await ask(204, 'DELETE', path).catch((error) => failures.push(`${path} is left behind: ${error.message}`));
}

for (const failure of failures) console.error(failure);
process.exitCode = failures.length > 0 ? 1 : 0;

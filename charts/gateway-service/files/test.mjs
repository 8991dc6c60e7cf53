// Run by `helm test`: goes through the gateway to both owner services and databases, and deletes what it created.
const gateway = process.env.GATEWAY;
const failures = [];

/** Sends a request and checks the status of the response. */
async function request(expected, method, path, body) {
  const response = await fetch(gateway + path, {
    method,
    signal: AbortSignal.timeout(10_000),
    ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
  });
  const text = await response.text();
  const ok = response.status === expected;
  console.log(`${ok ? 'ok' : 'NOT OK'}: ${method} ${path}: ${response.status}${ok ? '' : ` ${text}`}`);
  if (!ok) failures.push(`${method} ${path} answers ${response.status}, not ${expected}`);
  return text ? JSON.parse(text) : undefined;
}

function check(what, holds) {
  console.log(`${holds ? 'ok' : 'NOT OK'}: ${what}`);
  if (!holds) failures.push(what);
}

/** Creates an entity, which is deleted at the end. */
const created = [];
async function create(path, body) {
  const entity = await request(201, 'POST', path, body);
  if (!entity?.id) throw new Error(`POST ${path} created nothing`);
  created.push(`${path}/${entity.id}`);
  return entity;
}

try {
  const author = await create('/author', { full_name: 'helm test' });
  const conference = await create('/conference', { acronym: 'HELM' });
  const event = await create('/event', { conference_id: conference.id, seq: 1 });

  const pair = `/event/${event.id}/attendance/${author.id}`;
  await request(201, 'POST', pair);
  await request(200, 'POST', pair);
  await request(200, 'GET', pair);

  const { attendees } = await request(200, 'GET', `/event/${event.id}/attendance`);
  check('the event lists the author', attendees?.[0]?.id === author.id);
  const { events } = await request(200, 'GET', `/author/${author.id}/attendance`);
  check('the author lists the event', events?.[0]?.id === event.id);
  const byConference = await request(200, 'GET', `/conference/${conference.id}/attendance`);
  check('the conference lists both', byConference.attendees?.[0]?.events?.[0] === event.id);

  await request(204, 'DELETE', pair);
  await request(404, 'GET', pair);
} catch (error) {
  failures.push(`${error.message}${error.cause ? `: ${error.cause.message}` : ''}`);
} finally {
  for (const path of created.reverse())
    await request(204, 'DELETE', path).catch((error) => failures.push(`${path} was not deleted: ${error.message}`));
}

for (const failure of failures) console.error(failure);
process.exitCode = failures.length > 0 ? 1 : 0;

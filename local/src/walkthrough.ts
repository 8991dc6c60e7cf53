import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The entities that the walk-through is about. */
export type Seeds = Record<'author_id' | 'conference_id' | 'event_id', string>;

/** The id of no entity. */
const unknownId = '00000000-0000-7000-8000-000000000000';

/** Creates an author, a conference and its first event, or finds those of an earlier start. */
export async function seed(gateway: string, dataFolder: string): Promise<Seeds> {
  const path = join(dataFolder, 'walkthrough.json');
  if (existsSync(path)) {
    const seeds = JSON.parse(readFileSync(path, 'utf8')) as Seeds;
    const found = await Promise.all(
      [`author/${seeds.author_id}`, `event/${seeds.event_id}`].map((entity) =>
        patiently(() => fetch(`${gateway}/${entity}`)),
      ),
    );
    if (found.every(({ status }) => status === 200)) return seeds;
  }
  const create = async (entity: string, body: unknown) => {
    const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await patiently(() => fetch(`${gateway}/${entity}`, request));
    const text = await response.text();
    if (response.status !== 201) throw new Error(`POST ${gateway}/${entity} was answered ${response.status}: ${text}`);
    return (JSON.parse(text) as { id: string }).id;
  };
  const [author_id, conference_id] = await Promise.all([
    create('author', { full_name: 'Alan Turing' }),
    create('conference', { acronym: 'SWAT' }),
  ]);
  const seeds = { author_id, conference_id, event_id: await create('event', { conference_id, seq: 1 }) };
  writeFileSync(path, `${JSON.stringify(seeds, undefined, 2)}\n`);
  return seeds;
}

/** Repeats a request that was answered 503, so not executed: with MAX_IN_FLIGHT=1 two at once are too many. */
async function patiently<Answer extends { status: number }>(ask: () => Promise<Answer>): Promise<Answer> {
  let answer = await ask();
  for (let tries = 1; answer.status === 503 && tries < 50; tries += 1) {
    await sleep(100);
    answer = await ask();
  }
  return answer;
}

/** Makes commands to paste into a shell, each with a comment on its answer. */
export function walkthrough(gateway: string, { author_id, conference_id, event_id }: Seeds, logs: string): string {
  const curl = `curl -sw ' %{http_code}\\n'`;
  const pair = `${gateway}/event/${event_id}/attendance/${author_id}`;
  return `
# Alan Turing attends the first SWAT
${curl} -X POST ${pair}

# seen from the author, from the event and from the conference
${curl} ${gateway}/author/${author_id}/attendance
${curl} ${gateway}/event/${event_id}/attendance
${curl} ${gateway}/conference/${conference_id}/attendance

# an event that does not exist, then an author who does not: nothing is recorded, and the three logs say why
${curl} -X POST -H 'x-request-id: no-such-event' ${gateway}/event/${unknownId}/attendance/${author_id}
${curl} -X POST -H 'x-request-id: no-such-author' ${gateway}/event/${event_id}/attendance/${unknownId}
grep no-such-event ${logs}
grep no-such-author ${logs}

# he does not attend after all
${curl} -X DELETE ${pair}
${curl} ${pair}
`;
}

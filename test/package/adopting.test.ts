import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { createRelation, createTimes, defineRelation, timeOf, uuidv7 } from 'many-to-many';
import { createCopy, createTables, overPool, poolSettings, purgeTombstones, startPurge } from 'many-to-many/copy';
import pg from 'pg';
import { z } from 'zod';
import { createEmptyDatabase, type EmptyDatabase } from './databases.ts';

const page = readFileSync(new URL('../../docs/adopting.md', import.meta.url), 'utf8');
const sqlFiles = new Map(
  [...page.matchAll(/```sql\n-- (\S+\.sql)\n([^]*?)```/g)].map(([, name, sql]) => [name!, sql!]),
);

/** Returns the SQL block of the page that has this name in its first line. */
function sql(name: string): string {
  const text = sqlFiles.get(name);
  if (text === undefined) throw new Error(`docs/adopting.md has no ${name}`);
  return text;
}

const enrolment = defineRelation({
  name: 'enrolment',
  left: { name: 'course', id: 'bigint', entity: z.object({ id: z.string(), title: z.string() }) },
  right: { name: 'student', id: 'text', entity: z.object({ id: z.string(), full_name: z.string() }) },
});
const courseTable = {
  table: 'courses',
  json: (row: string) => `json_build_object('id', ${row}.id::text, 'title', ${row}.title)`,
};
const studentTable = { table: 'students' };

interface Claim {
  claim_id: string;
  course_id: string;
  student_id: string;
}

/** Copies rows from one database to another, as `\copy` does. */
async function copyRows(from: EmptyDatabase, query: string, to: EmptyDatabase, table: string): Promise<void> {
  const rows = await from.query<Claim>(query);
  await to.query(`CREATE TABLE ${table} (claim_id uuid, course_id bigint, student_id text)`);
  const columns = [
    rows.map((row) => row.claim_id),
    rows.map((row) => row.course_id),
    rows.map((row) => row.student_id),
  ];
  await to.query(`INSERT INTO ${table} SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[])`, columns);
}

describe('docs/adopting.md, for a bigint and a text id', function () {
  // without a grace period, all claims are stable
  const times = { ...createTimes(), graceMs: 0 };
  let courses: EmptyDatabase;
  let students: EmptyDatabase;
  const pools: pg.Pool[] = [];

  /** Creates a service role with the rights of the page, and a pool for it. */
  async function connectAsService(database: EmptyDatabase, entity: string) {
    const role = `${new URL(database.url).pathname.slice(1)}_service`;
    await database.query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`);
    await database.query(sql('rights.sql').replaceAll('student_service', role).replaceAll('students', entity));
    const url = new URL(database.url);
    Object.assign(url, { username: role, password: 'secret' });
    return connect(url.href);
  }

  function connect(connectionString: string) {
    const pool = new pg.Pool({ connectionString, max: 2, ...poolSettings(times) });
    pools.push(pool);
    return overPool(pool);
  }

  let relation: ReturnType<typeof createEnrolment>;
  let queries: { left: ReturnType<typeof overPool>; right: ReturnType<typeof overPool> };
  const createEnrolment = () =>
    createRelation(
      enrolment,
      {
        left: createCopy(enrolment.left, { query: queries.left, entities: courseTable, times }),
        right: createCopy(enrolment.right, { query: queries.right, entities: studentTable, times }),
      },
      { times },
    );
  const titles = async (id: string) => {
    const list = await relation.listByRight({ id });
    return list.outcome === 'found' ? list.items.map(({ title }) => title) : list.outcome;
  };

  before(async () => {
    courses = await createEmptyDatabase('courses');
    students = await createEmptyDatabase('students');
    await courses.query(`
      CREATE TABLE courses (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text NOT NULL);
      INSERT INTO courses (title) VALUES ('Logic'), ('Sets'), ('Types');
      CREATE TABLE course_students (course_id bigint, student_id text);
      INSERT INTO course_students VALUES (1, 's1'), (1, 's2'), (2, 's1'), (2, 's1'), (3, 'deleted'), (9, 's1')`);
    await students.query(`
      CREATE TABLE students (student_number text PRIMARY KEY, full_name text NOT NULL);
      INSERT INTO students VALUES ('s1', 'Ada'), ('s2', 'Alan')`);
    await students.query(sql('generated-id.sql'));
    await courses.query(createTables(enrolment.left, courseTable));
    await students.query(createTables(enrolment.right, studentTable));
    queries = {
      left: await connectAsService(courses, 'courses'),
      right: await connectAsService(students, 'students'),
    };
    relation = createEnrolment();
  });

  after(async () => {
    await Promise.all(pools.map((pool) => pool.end()));
    for (const database of [courses, students]) {
      const role = `${new URL(database.url).pathname.slice(1)}_service`;
      await database.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
      await database.drop();
    }
  });

  it('imports a join table, also repeatedly', async () => {
    await courses.query(sql('claims.sql'));
    await copyRows(courses, 'SELECT * FROM enrolment_import', students, 'enrolment_import');
    for (let i = 0; i < 2; i += 1) {
      await courses.query(sql('import-courses.sql'));
      await students.query(sql('import-students.sql'));
    }
    expect(await titles('s1')).to.deep.equal(['Logic', 'Sets']);
    expect(await titles('s2')).to.deep.equal(['Logic']);
    const logic = await relation.listByLeft({ id: '1' });
    expect(logic).to.have.deep.property('entity', { id: '1', title: 'Logic' });
    expect(logic).to.have.property('items').with.length(2);
  });

  it('creates a current UUIDv7 as claim id for each pair', async () => {
    const claims = await courses.query<Claim>('SELECT * FROM enrolment_import');
    expect(claims).to.have.length(5);
    expect(new Set(claims.map(({ claim_id }) => claim_id))).to.have.property('size', 5);
    for (const { claim_id } of claims) {
      expect(uuidv7.safeParse(claim_id)).to.include({ success: true, data: claim_id });
      expect(Date.now() - timeOf(claim_id)).to.be.within(0, 60_000);
    }
  });

  it('imports pairs whose entity does not exist as half claims, which the reconciler drops', async () => {
    expect(await relation.read({ left: '3', right: 'deleted' })).to.include({ outcome: 'entity_not_found' });
    const dryRun = await relation.reconciler.run({ mode: 'dry run' });
    expect(dryRun).to.include({ outcome: 'reconciled', claims: 4, half: 2 });
    const report = await relation.reconciler.run({ mode: 'guarded' });
    expect(report).to.include({ outcome: 'reconciled', half: 2 });
    expect(await courses.query('SELECT FROM enrolment')).to.have.length(3);
    expect(await students.query('SELECT FROM enrolment')).to.have.length(3);
  });

  it('grants the service role all rights that it needs', async () => {
    const pair = { left: '3', right: 's2' };
    expect(await relation.add(pair)).to.include({ outcome: 'added' });
    expect(await relation.read(pair)).to.include({ outcome: 'visible' });
    expect(await relation.remove(pair)).to.include({ outcome: 'removed' });
    expect(await relation.add(pair)).to.include({ outcome: 'added' });
    await relation.idle();
    expect(await relation.remove({ left: '1', right: 's1' })).to.include({ outcome: 'removed' });
    await relation.idle();
    for (const query of [queries.left, queries.right]) await purgeTombstones(query, enrolment.name, times);
  });

  it('exports the relation to the join table', async () => {
    await courses.query('TRUNCATE course_students');
    const claims = 'SELECT claim_id, course_id, student_id FROM enrolment WHERE NOT retired';
    expect(page).to.include(`\\copy (${claims}) TO left.tsv`).and.include(`\\copy (${claims}) TO right.tsv`);
    await copyRows(courses, claims, courses, 'enrolment_left');
    await copyRows(students, claims, courses, 'enrolment_right');
    await courses.query(sql('pairs.sql'));
    const pairs = await courses.query('SELECT * FROM course_students ORDER BY course_id, student_id');
    expect(pairs).to.deep.equal([
      { course_id: '1', student_id: 's2' },
      { course_id: '2', student_id: 's1' },
      { course_id: '3', student_id: 's2' },
    ]);
  });

  it('deletes a student by a mark, with the rights for it', async () => {
    const role = `${new URL(students.url).pathname.slice(1)}_service`;
    await students.query(sql('marks.sql').replaceAll('student_service', role));
    const entities = { ...studentTable, deletedAt: 'deleted_at' };
    // as the next version of the service, with connections of its own
    const query = connect((pools[1]!.options as { connectionString: string }).connectionString);
    const copy = createCopy(enrolment.right, { query, entities, times });
    const [update] = /UPDATE students SET .* AND deleted_at IS NULL/.exec(page)!;
    await query({ name: 'delete_student', text: update, values: ['s2'] });
    const item = { id: 's2', limit: 1, after: null, request_ids: ['r'] };
    expect(await copy.listByOwn([item])).to.deep.equal([{ outcome: 'entity_not_found' }]);

    const often = { ...times, graceMs: 100 };
    let purge: ReturnType<typeof startPurge> | undefined;
    const purged = await new Promise((onPurged, onError) => {
      purge = startPurge(enrolment.right, { query, times: often, entities, onPurged, onError });
    });
    await purge?.stop();
    expect(purged).to.deep.equal({ id: 's2', claims: 2 });
    expect(await students.query('SELECT id FROM students')).to.deep.equal([{ id: 's1' }]);
    expect(await students.query('SELECT * FROM enrolment_deleted')).to.deep.equal([{ student_id: 's2' }]);
  });
});

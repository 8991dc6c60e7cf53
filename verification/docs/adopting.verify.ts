import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withClient } from '@attendance/common/database/client';
import { expect } from 'chai';
import { defineRelation } from 'many-to-many';
import { createTables } from 'many-to-many/copy';
import { z } from 'zod';
import { blocksOf, commandsOf } from '../../test/support/commands.ts';
import { describeWith } from '../../test/support/needs.ts';
import { OwnServer } from '../../test/support/ownServer.ts';

const enrolment = defineRelation({
  name: 'enrolment',
  left: { name: 'course', id: 'bigint', entity: z.object({ id: z.string() }) },
  right: { name: 'student', id: 'text', entity: z.object({ id: z.string() }) },
});

// test/package/adopting.test.ts checks what the SQL does
describeWith('psql', 'commands of docs/adopting.md, typed as they are', () => {
  const server = new OwnServer();
  let folder: string;

  const query = (database: string, text: string) =>
    withClient({ ...server.admin, database }, async (client) => {
      const { rows } = await client.query<Record<string, unknown>>(text);
      return rows;
    });

  /** Runs commands in the folder of the SQL files, at the server that psql finds. */
  function run(commands: string[]): void {
    const { host, port, user, password } = server.admin;
    const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-euc', commands.join('\n')], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password },
    });
    // psql goes on after an error in a file
    expect([status, stderr], stdout).to.deep.equal([0, '']);
  }

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'adopting-'));
    for (const { text } of blocksOf('docs/adopting.md')) {
      const [, name] = /^-- (\S+\.sql)\n/.exec(text) ?? [];
      if (name) writeFileSync(join(folder, name), text);
    }
    await server.start();
    for (const database of ['courses', 'students']) await query('postgres', `CREATE DATABASE ${database}`);
    await query('courses', 'CREATE TABLE courses (id bigint PRIMARY KEY)');
    await query('courses', 'INSERT INTO courses SELECT * FROM generate_series(1, 3)');
    await query('courses', 'CREATE TABLE course_students (course_id bigint, student_id text)');
    await query('courses', `INSERT INTO course_students VALUES (1, 's1'), (1, 's2'), (2, 's1'), (3, 'deleted')`);
    await query('students', `CREATE TABLE students AS SELECT 's' || i AS id FROM generate_series(1, 2) AS i`);
    await query('students', 'ALTER TABLE students ADD PRIMARY KEY (id)');
    await query('courses', createTables(enrolment.left, { table: 'courses' }));
    await query('students', createTables(enrolment.right, { table: 'students' }));
  });
  after(async () => {
    await server.remove();
    rmSync(folder, { recursive: true });
  });

  it('import a join table', async () => {
    run(commandsOf('docs/adopting.md', '## Import a join table'));
    const count = 'SELECT count(*)::int AS claims FROM enrolment';
    expect(await query('courses', count)).to.deep.equal([{ claims: 4 }]);
    expect(await query('students', count)).to.deep.equal([{ claims: 3 }]);
  });

  it('go back to it', async () => {
    await query('courses', 'TRUNCATE course_students');
    run(commandsOf('docs/adopting.md', '## Go back'));
    const pairs = await query('courses', 'SELECT * FROM course_students ORDER BY course_id, student_id');
    expect(pairs.map(({ course_id, student_id }) => `${String(course_id)} ${String(student_id)}`)).to.deep.equal([
      '1 s1',
      '1 s2',
      '2 s1',
    ]);
  });
});

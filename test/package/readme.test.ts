import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { unknownId } from '../support/gateway.ts';
import { createEmptyDatabase, type EmptyDatabase } from './databases.ts';
import { installPackage, type Installed } from './install.ts';
import { readmeFiles, Server, writeReadmeFiles } from './program.ts';

interface Answer {
  status: number;
  body: { id: string; outcome: string; missing?: string[]; left?: unknown; right?: unknown; items?: unknown[] };
}

const send = async (method: string, url: string, body?: unknown): Promise<Answer> => {
  const response = await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
};

describe("the program in the package's README", function () {
  let installed: Installed;
  let courses: EmptyDatabase;
  let students: EmptyDatabase;
  let environment: Record<string, string>;
  const servers: Server[] = [];

  const start = async (program: string, more: Record<string, string> = {}) => {
    const server = await Server.start(installed.folder, program, { ...environment, ...more });
    servers.push(server);
    return server;
  };

  before(async () => {
    installed = await installPackage(['zod', 'pg']);
    writeReadmeFiles(installed.folder);
    courses = await createEmptyDatabase('courses');
    students = await createEmptyDatabase('students');
    environment = { COURSE_DATABASE: courses.url, STUDENT_DATABASE: students.url };
    const env = { PATH: process.env.PATH, ...environment };
    await promisify(execFile)(process.execPath, ['tables.js'], { cwd: installed.folder, env });
  });

  after(async () => {
    await Promise.all(servers.map((server) => server.kill()));
    await courses.drop();
    await students.drop();
    installed.remove();
  });

  it('consists of these files', () => {
    expect([...readmeFiles.keys()]).to.have.members([
      'relation.js',
      'course-service.js',
      'student-service.js',
      'gateway.js',
      'serve.js',
      'tables.js',
      'student-copy.test.js',
      'simulation.test.js',
    ]);
  });

  it('loses no pair if an owner service is killed between two adds', async () => {
    const courseService = await start('course-service.js');
    const studentService = await start('student-service.js');
    const { url: gateway } = await start('gateway.js', {
      COURSE_SERVICE: courseService.url,
      STUDENT_SERVICE: studentService.url,
    });

    const logic = (await send('POST', `${courseService.url}/courses`, { title: 'Logic' })).body;
    const ada = (await send('POST', `${studentService.url}/students`, { name: 'Ada' })).body;
    const alan = (await send('POST', `${studentService.url}/students`, { name: 'Alan' })).body;
    const enrolment = (student: { id: string }) => `${gateway}/courses/${logic.id}/students/${student.id}`;
    const students = async () => (await send('GET', `${gateway}/courses/${logic.id}`)).body.items;

    const added = await send('PUT', enrolment(ada));
    expect(added).to.deep.equal({ status: 201, body: { outcome: 'added', left: logic, right: ada } });

    await studentService.kill();
    const refused = await send('PUT', enrolment(alan));
    expect(refused).to.have.property('status', 503);
    expect(refused.body).to.include({ outcome: 'not_executed' });
    expect((await send('GET', enrolment(ada))).body).to.include({ outcome: 'not_executed' });

    await start('student-service.js', { PORT: studentService.port });
    expect(await students()).to.deep.equal([ada]);
    expect((await send('GET', enrolment(alan))).body).to.deep.equal({ outcome: 'absent' });

    expect(await send('PUT', enrolment(alan))).to.have.property('status', 201);
    expect((await send('PUT', enrolment(alan))).body).to.include({ outcome: 'already_present' });
    expect(await students()).to.have.deep.members([ada, alan]);
    const list = await send('GET', `${gateway}/students/${alan.id}`);
    expect(list.body).to.deep.equal({ outcome: 'found', entity: alan, items: [logic], next: null });

    expect((await send('DELETE', enrolment(ada))).body).to.deep.equal({ outcome: 'removed' });
    expect(await students()).to.deep.equal([alan]);
  });

  it('names the entities that do not exist', async () => {
    const { url: gateway } = servers[2]!;
    for (const id of [unknownId, 'nobody']) {
      const { status, body } = await send('PUT', `${gateway}/courses/${id}/students/${id}`);
      expect(status).to.equal(404);
      expect(body).to.deep.equal({ outcome: 'entity_not_found', missing: ['left', 'right'] });
    }
  });

  it("passes the package's conformance suite", async () => {
    const [, , gateway, studentService] = servers;
    // the reconciler of the gateway would drop the half claims of the suite
    await gateway!.kill();
    await runTests('student-copy.test.js', { STUDENT_SERVICE: studentService!.url });
  });

  it('passes a short simulation', () => runTests('simulation.test.js'));

  /** Runs a file of the README with the test runner of Node. */
  async function runTests(file: string, more: Record<string, string> = {}): Promise<void> {
    const env = { PATH: process.env.PATH, ...environment, ...more };
    const args = ['--test', '--test-reporter', 'tap', file];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: installed.folder, env }).catch(
      (error: unknown) => error as { stdout: string },
    );
    expect(stdout.split('\n').filter((line) => /^\s*not ok /.test(line))).to.be.empty;
    expect(Number(/^# pass (\d+)$/m.exec(stdout)![1])).to.be.greaterThan(30);
    expect(stdout).to.match(/^# skipped 0$/m);
  }
});

import { expect } from 'chai';
import { unknownId } from '../support/gateway.ts';
import { installReadmeProgram, readmeFiles, type ReadmeProgram } from './program.ts';

interface Answer {
  status: number;
  body: { id: string; outcome: string; missing?: string[]; left?: unknown; right?: unknown; items?: unknown[] };
}

const send = async (method: string, url: string, body?: unknown): Promise<Answer> => {
  const response = await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
};

describe("the program in the package's README", function () {
  let program: ReadmeProgram;
  let gateway: string;
  before(async () => {
    program = await installReadmeProgram();
  });
  after(() => program.remove());

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
    const courseService = await program.start('course-service.js');
    const studentService = await program.start('student-service.js');
    const services = { COURSE_SERVICE: courseService.url, STUDENT_SERVICE: studentService.url };
    gateway = (await program.start('gateway.js', services)).url;

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

    await program.start('student-service.js', { PORT: studentService.port });
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
    for (const id of [unknownId, 'nobody']) {
      const { status, body } = await send('PUT', `${gateway}/courses/${id}/students/${id}`);
      expect(status).to.equal(404);
      expect(body).to.deep.equal({ outcome: 'entity_not_found', missing: ['left', 'right'] });
    }
  });
});

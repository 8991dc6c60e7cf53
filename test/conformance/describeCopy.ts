import { conformance, type Subject } from 'many-to-many/testing';

/**
 * Declares the conformance tests of one copy.
 * @param make creates the copy, once
 * @param describeOwn declares the tests of the operations that only this kind of copy has
 */
export function describeCopy<CopySubject extends Subject & { close: () => Promise<void> }>(
  name: string,
  make: () => Promise<CopySubject>,
  describeOwn: (getSubject: () => CopySubject) => void,
) {
  describe(`${name}, as a copy of the relation`, () => {
    let subject: CopySubject;

    before(async () => {
      subject = await make();
    });
    after(() => subject.close());

    for (const { title, run } of conformance(() => subject)) it(title, run);
    describeOwn(() => subject);
  });
}

import { expect } from 'chai';
import fc from 'fast-check';
import pg from 'pg';
import { ids, type IdKind } from '../../src/ids.ts';
import { adminConnection } from '../../../test/support/postgres.ts';

/** Characters whose orders as code points, as UTF-16 units and in a language differ. */
const edgeCharacters = fc.constantFrom(
  ...['', 'a', 'A', 'ä', 'z', '\u0001', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}'],
);
const text = fc.oneof(
  fc.array(edgeCharacters, { maxLength: 6 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 300 }),
);

const kinds: Readonly<Record<IdKind, fc.Arbitrary<string>>> = {
  uuid: fc.uuid(),
  bigint: fc.oneof(fc.bigInt(1n, 2n ** 63n - 2n), fc.bigInt(1n, 1_000n), fc.constant(2n ** 63n - 2n)).map(String),
  text: fc.oneof(
    text,
    fc.tuple(text, text).map(([one, more]) => one + more),
  ),
};

const isId = (kind: IdKind) => (value: string) => ids[kind].schema.safeParse(value).success;

describe('ids', () => {
  let client: pg.Client;
  before(async () => {
    client = new pg.Client(adminConnection());
    await client.connect();
    for (const [kind, { column }] of Object.entries(ids))
      await client.query(`CREATE TEMPORARY TABLE ${kind}_ids (id ${column} PRIMARY KEY)`);
  });
  after(() => client.end());

  for (const kind of Object.keys(kinds) as IdKind[]) {
    const { parameter, lowest, highest, compare } = ids[kind];
    /** Inserts ids into a table, and reads them in order. */
    const storeAndSort = async (values: string[]) => {
      await client.query(`TRUNCATE ${kind}_ids`);
      await client.query(`INSERT INTO ${kind}_ids SELECT unnest($1::${parameter}[])`, [values]);
      const { rows } = await client.query<{ id: string }>(
        `SELECT id::text AS id FROM ${kind}_ids ORDER BY ${kind}_ids.id`,
      );
      return rows.map(({ id }) => id);
    };
    const arbitrary = kinds[kind].filter(isId(kind));

    it(`of kind ${kind} have the same order as in PostgreSQL, which stores them unchanged`, () =>
      fc.assert(
        fc.asyncProperty(fc.uniqueArray(arbitrary, { minLength: 2, maxLength: 40 }), async (values) => {
          expect([...values].sort(compare)).to.deep.equal(await storeAndSort(values));
        }),
        { numRuns: 200 },
      ));

    it(`of kind ${kind} are between the lowest and the highest`, () =>
      fc.assert(
        fc.asyncProperty(fc.uniqueArray(arbitrary, { minLength: 1, maxLength: 20 }), async (values) => {
          await storeAndSort(values);
          const { rowCount } = await client.query(`SELECT FROM ${kind}_ids WHERE id > ${lowest} AND id < ${highest}`);
          expect(rowCount).to.equal(values.length);
        }),
        { numRuns: 100 },
      ));

    it(`of kind ${kind} have a total order`, () =>
      fc.assert(
        fc.property(arbitrary, arbitrary, (a, b) => {
          expect(Math.sign(compare(a, b))).to.equal(0 - Math.sign(compare(b, a)));
          expect(compare(a, b) === 0).to.equal(a === b);
        }),
      ));
  }

  it('are refused if PostgreSQL could not store or order them', () => {
    const invalid: Record<IdKind, string[]> = {
      uuid: ['', 'x', '0123'],
      bigint: ['', '0', '-1', '01', '1.0', '1e3', ' 1', String(2n ** 63n - 1n), String(2n ** 63n), '9'.repeat(30)],
      text: ['', 'a\0', '\ud800', '\udc00a', 'a'.repeat(256), '🧮'.repeat(256)],
    };
    for (const [kind, values] of Object.entries(invalid))
      for (const value of values)
        expect(isId(kind as IdKind)(value), `${kind} ${JSON.stringify(value)}`).to.equal(false);
    for (const longest of ['a'.repeat(255), '🧮'.repeat(255)]) expect(isId('text')(longest)).to.equal(true);
  });
});

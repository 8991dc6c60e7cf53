import type { Owner } from '@attendance/common/contract/claims';
import type { Times } from '@attendance/common/times';
import { describeInsertClaims } from './insertClaims.ts';
import { describeIntroduce } from './introduce.ts';
import { describeReads } from './reads.ts';
import { describeReconciliation } from './reconciliation.ts';
import { describeRetireClaims } from './retireClaims.ts';
import { describeWhileDeleting } from './whileDeleting.ts';

/** A row as it is put into a copy behind the owner's back, of any age. */
export interface PlantedClaim {
  claim_id: string;
  event_id: string;
  author_id: string;
  retired?: boolean;
}

/** An owner, whatever it is behind its interface, and what a test needs beside it. */
export interface OwnerUnderTest<E extends { id: string } = { id: string }> {
  owner: Owner<E>;
  /** Which side of a pair it owns. */
  owns: 'author' | 'event';
  times: Times;
  createEntity: () => Promise<E>;
  deleteEntity: (id: string) => Promise<void>;
  /** Does some work while a delete of an entity is under way, which then fails. */
  whileDeleting: <T>(id: string, work: () => Promise<T>) => Promise<T>;
  /** A UUIDv7 made so many milliseconds ago by the owner's clock; in the future where negative. */
  claimId: (ageMs: number) => string;
  /** Their owned entities are there. */
  plant: (claims: PlantedClaim[]) => Promise<void>;
  close: () => Promise<void>;
}

/**
 * What the protocol counts on in every owner; `makeOwner` is called once.
 * @param describeOwn what it counts on in this kind of owner alone
 */
export function describeOwner<Subject extends OwnerUnderTest>(
  name: string,
  makeOwner: () => Promise<Subject>,
  describeOwn: (getSubject: () => Subject) => void,
) {
  describe(`${name} as an owner of claims`, () => {
    let subject: Subject;

    before(async () => {
      subject = await makeOwner();
    });
    after(() => subject.close());

    describeInsertClaims(() => subject);
    describeRetireClaims(() => subject);
    describeReads(() => subject);
    describeWhileDeleting(() => subject);
    describeIntroduce(() => subject);
    describeReconciliation(() => subject);
    describeOwn(() => subject);
  });
}

import { allFaults, type Fault } from 'many-to-many/testing';

/** A variant of the protocol, as textual patches of its files. */
export interface Mutation {
  name: string;
  /** The mutation breaks no promise, so it must not be caught. */
  harmless?: boolean;
  /** The only fault in the simulation of this mutation, if it hardly ever shows among other faults. */
  fault?: Fault;
  /** `file` is a path in the repository, and contains `from` exactly once. */
  patches: { file: string; from: string; to: string }[];
}

/** Returns the faults that the simulation of a mutation leaves out. */
export function faultsToLeaveOut(mutation: Mutation | undefined): ReadonlySet<Fault> {
  return new Set(mutation?.fault ? allFaults.filter((fault) => fault !== mutation.fault) : []);
}

const gateway = (name: string) => `many-to-many/src/gateway/${name}.ts`;
const reconciler = (name: string) => `many-to-many/src/reconciler/${name}.ts`;
const memory = (name: string) => `many-to-many/src/testing/memory/${name}.ts`;
const simulation = (name: string) => `many-to-many/src/testing/simulation/${name}.ts`;

const refusals = {
  insertRefusal: `    if (isExpired(item.claim_id, copy)) return { outcome: 'expired' };\n`,
  removeRefusal: `    if (item.remove_id !== null && isExpired(item.remove_id, copy)) return { outcome: 'expired' };\n`,
};

/** Each mutation removes one safeguard of the protocol. */
export const mutations: Mutation[] = [
  {
    name: 'withdrawal by pair instead of by claim',
    patches: [
      {
        file: gateway('add'),
        from: 'claim_ids: [claim.claim_id], remove_id: null',
        to: `claim_ids: [claim.claim_id, ...[inLeft, inRight].flatMap((answer) => 'claims' in answer ? answer.claims : [])], remove_id: null`,
      },
    ],
  },
  {
    name: 'no tombstones',
    patches: [{ file: memory('retireClaims'), from: 'if (young)', to: 'if (young && false)' }],
  },
  {
    name: 'no expiry of adds',
    patches: [{ file: memory('insertClaims'), from: refusals.insertRefusal, to: '' }],
  },
  {
    name: 'no expiry of removes',
    patches: [{ file: memory('retireClaims'), from: refusals.removeRefusal, to: '' }],
  },
  {
    name: 'a refused repeat counts as certain',
    patches: [
      {
        file: gateway('ask'),
        from: '(provenBy === null || outcome.outcome === provenBy ? outcome : unknown)',
        to: '(outcome ?? unknown)',
      },
    ],
  },
  {
    name: 'a timeout is answered 503',
    patches: [
      {
        file: gateway('coalesce'),
        from: 'fail(new Unknown(`no answer within ${times.callMs} ms`))',
        to: "fail(new NotExecuted('no answer in time'))",
      },
    ],
  },
  {
    name: 'a request that found no call slot in time is sent after all',
    patches: [
      {
        file: gateway('coalesce'),
        from: 'first.reject(new NotExecuted(`no call slot was free within ${times.waitMs} ms`));',
        to: "first.reject(new NotExecuted('no call slot was free in time'));\n      waiting.push({ ...first, since: now() });",
      },
    ],
  },
  {
    name: 'a bare 503 counts as certain',
    patches: [
      {
        file: 'many-to-many/src/remote.ts',
        from: 'status === 503 && isNotExecuted(body)',
        to: 'status === 503',
      },
    ],
  },
  {
    name: 'a read asks one copy only',
    patches: [
      {
        file: gateway('visible'),
        from: 'const claims = sharedClaims(left.claims, right.claims);',
        to: 'const claims = right.claims;',
      },
    ],
  },
  {
    name: 'remove by pair',
    patches: [
      {
        file: memory('retireClaims'),
        from: 'for (const claim of item.claim_ids) retire(item, claim);',
        to: `for (const claim of item.remove_id === null ? item.claim_ids : copy.held(item))
        retire(item, claim);`,
      },
    ],
  },
  {
    name: 'a remove that finds nothing answers 204',
    patches: [
      {
        file: gateway('remove'),
        from: "if (seen.outcome !== 'visible') return seen;",
        to: "if (seen.outcome === 'absent') return { outcome: 'removed' };\n    if (seen.outcome !== 'visible') return seen;",
      },
    ],
  },
  {
    name: 'a repeated add withdraws its own surplus claim',
    patches: [
      {
        file: gateway('add'),
        from: 'return decideAdd(inLeft, inRight);',
        to: `const decision = decideAdd(inLeft, inRight);
    if (decision.outcome === 'already_present') {
      background.run(withdraw(left));
      background.run(withdraw(right));
    }
    return decision;`,
      },
    ],
  },
  {
    name: 'cursor at the last returned pair',
    patches: [
      {
        file: gateway('list'),
        from: "return { outcome: 'found', entity: byRoot.entity, items, next: horizon([byRoot, byLeaf], compare) };",
        to: `const next = horizon([byRoot, byLeaf], compare);
      const last = (items.at(-1) as { id: string } | undefined)?.id ?? null;
      return { outcome: 'found', entity: byRoot.entity, items, next: next && last };`,
      },
    ],
  },
  {
    name: 'reconciler without grace',
    patches: [
      {
        file: memory('reconciliation'),
        from: 'clock() - times.graceMs',
        to: 'clock()',
      },
    ],
  },
  {
    name: 'grace counts from now, whatever is still open',
    fault: 'hanging commit',
    patches: [
      {
        file: memory('reconciliation'),
        from: 'Math.min(stableBefore(copy), copy.openSince() - copy.times.graceMs)',
        to: 'stableBefore(copy)',
      },
    ],
  },
  {
    name: 'compaction keeps any claim, each reconciler its own',
    patches: [
      {
        file: reconciler('drop'),
        from: 'const surplus = sharedClaims(inLeft, inRight).sort().slice(1);',
        to: `const shared = sharedClaims(inLeft, inRight);
  const surplus = shared.filter((_, i) => i !== parseInt(stableBefore.slice(9, 13), 16) % shared.length);`,
      },
    ],
  },
  {
    name: 'the reconciler restores instead of dropping',
    patches: [
      {
        file: memory('insertClaims'),
        from: 'if (isExpired(item.claim_id, copy))',
        to: "if (!item.request_ids[0].startsWith('reconciler') && isExpired(item.claim_id, copy))",
      },
      {
        file: reconciler('copies'),
        from: '    readClaims: patient(',
        to: '    insertClaims: patient(copy.insertClaims),\n    readClaims: patient(',
      },
      {
        file: reconciler('drop'),
        from: 'drops.map(({ copy, claim_id }) =>',
        to: `drops.map(({ copy, claim_id, reason, left, right }) => reason === 'half'
      ? copies[copy === 'right' ? 'left' : 'right'].insertClaims({ claim_id, left, right })
      :`,
      },
    ],
  },
  {
    name: 'an insert ignores the mark of a deleted entity',
    patches: [
      {
        file: memory('insertClaims'),
        from: 'const entity = copy.entities.get(ownId);',
        to: 'const entity = copy.entities.get(ownId) ?? copy.marked.get(ownId);',
      },
      {
        file: memory('memoryCopy'),
        from: 'if (!this.entities.has(id) || this.#deleting.has(id)) return false;',
        to: 'if ((!this.entities.has(id) && !this.marked.has(id)) || this.#deleting.has(id)) return false;',
      },
    ],
  },
  {
    name: 'a read ignores the mark of a deleted entity',
    patches: [
      {
        file: memory('reads'),
        from: 'const entity = copy.entities.get(item[copy.own]);',
        to: 'const entity = copy.entities.get(item[copy.own]) ?? copy.marked.get(item[copy.own]);',
      },
    ],
  },
  {
    name: 'a list shows marked entities',
    patches: [
      { file: memory('reads'), from: ' && copy.entities.has(row[copy.own])', to: '' },
      {
        file: memory('reads'),
        from: 'const entity = copy.entities.get(own);',
        to: 'const entity = copy.entities.get(own) ?? copy.marked.get(own);',
      },
    ],
  },
  {
    name: 'a list by conference shows marked events',
    patches: [
      {
        file: 'verification/simulation/memoryCopies.ts',
        from: '(copy.entities.has(left) ? copy.held({ left, right }) : [])',
        to: 'copy.held({ left, right })',
      },
    ],
  },
  {
    name: 'claims are purged before the entity is marked',
    patches: [
      {
        file: simulation('deleteEntity'),
        from: '    const statement = node.marks',
        to: `    if (node.marks && node.copy.deleteClaims(id, 1) > 0) {
      scheduler.after(1 + faults.delay(), () => attempt(until));
      return;
    }
    const statement = node.marks`,
      },
    ],
  },
  {
    name: 'the purge keeps no record of a marked entity',
    patches: [{ file: memory('memoryCopy'), from: '      this.purged.add(id);\n', to: '' }],
  },
  {
    name: 'the guard counts claims of marked entities',
    patches: [
      { file: reconciler('guard'), from: 'const unexplained = half - marked;', to: 'const unexplained = half;' },
    ],
  },
  {
    name: 'the guard counts nothing',
    patches: [{ file: reconciler('guard'), from: 'if (unexplained <= limit ||', to: 'if (unexplained >= 0 ||' }],
  },
  {
    name: 'every entity that does not exist counts as marked',
    patches: [{ file: memory('reconciliation'), from: 'marked: copy.isMarked(id)', to: 'marked: true' }],
  },
  {
    name: 'a remove retires in one copy only',
    harmless: true,
    patches: [
      {
        file: gateway('remove'),
        from: 'const retirements = [retire(left), retire(right)];',
        to: 'const retirements = [retire(right)];',
      },
    ],
  },
  {
    name: 'compaction keeps the largest claim',
    harmless: true,
    patches: [
      {
        file: reconciler('drop'),
        from: 'sharedClaims(inLeft, inRight).sort().slice(1)',
        to: 'sharedClaims(inLeft, inRight).sort().slice(0, -1)',
      },
    ],
  },
];

/** A variant of the protocol, as textual patches of its files. */
export interface Mutation {
  name: string;
  /** Looks wrong, and is not: it must not be flagged. */
  harmless?: boolean;
  patches: { file: string; from: string; to: string }[];
}

const whole = {
  insertRefusal: `    if (isExpired(item.claim_id, copy)) return { outcome: 'expired' };\n`,
  removeRefusal: `    if (item.remove_id !== null && isExpired(item.remove_id, copy)) return { outcome: 'expired' };\n`,
};

/** Each takes away what a part of the protocol is for. */
export const mutations: Mutation[] = [
  {
    name: 'rollback by pair instead of by claim',
    patches: [
      {
        file: 'protocol/add.ts',
        from: 'claim_ids: [claim.claim_id], remove_id: null',
        to: `claim_ids: [claim.claim_id, ...[byAuthor, byConference].flatMap((answer) => 'claims' in answer ? answer.claims : [])], remove_id: null`,
      },
    ],
  },
  {
    name: 'no retired marks',
    patches: [{ file: 'owner/retireClaims.ts', from: 'if (young)', to: 'if (young && false)' }],
  },
  {
    name: 'no expiry of adds',
    patches: [{ file: 'owner/insertClaims.ts', from: whole.insertRefusal, to: '' }],
  },
  {
    name: 'no expiry of removes',
    patches: [{ file: 'owner/retireClaims.ts', from: whole.removeRefusal, to: '' }],
  },
  {
    name: 'a refused repeat taken for certain',
    patches: [
      {
        file: 'protocol/ask.ts',
        from: '(proof === undefined || outcome.outcome === proof ? outcome : unknown)',
        to: '(outcome ?? unknown)',
      },
    ],
  },
  {
    name: 'answer 503 for a timeout',
    patches: [
      {
        file: 'protocol/coalesce.ts',
        from: "fail(new Error('no answer in time'))",
        to: "fail(new NotExecuted('no answer in time'))",
      },
    ],
  },
  {
    name: 'send what no call slot was free for',
    patches: [
      {
        file: 'protocol/coalesce.ts',
        from: "first.reject(new NotExecuted('no call slot was free in time'));",
        to: "first.reject(new NotExecuted('no call slot was free in time'));\n      waiting.push({ ...first, since: now() });",
      },
    ],
  },
  {
    name: 'a bare 503 taken for certain',
    patches: [
      {
        file: 'protocol/ask.ts',
        from: 'outcome: error instanceof NotExecuted ?',
        to: "outcome: error instanceof NotExecuted || reason === 'bare 503' ?",
      },
    ],
  },
  {
    name: 'read one copy only',
    patches: [
      {
        file: 'protocol/visible.ts',
        from: 'const claims = sharedClaims(byAuthor.claims, byConference.claims);',
        to: 'const claims = byAuthor.claims;',
      },
    ],
  },
  {
    name: 'remove by pair',
    patches: [
      {
        file: 'owner/retireClaims.ts',
        from: 'for (const claim of item.claim_ids) retire(item, claim);',
        to: `for (const claim of item.remove_id === null ? item.claim_ids : copy.held(item[copy.owned], item[copy.foreign]))
        retire(item, claim);`,
      },
    ],
  },
  {
    name: 'a remove that finds nothing says removed',
    patches: [
      {
        file: 'protocol/remove.ts',
        from: "if (seen.outcome !== 'visible') return seen;",
        to: "if (seen.outcome === 'absent') return { outcome: 'removed' };\n    if (seen.outcome !== 'visible') return seen;",
      },
    ],
  },
  {
    name: 'a repeated add that withdraws its own surplus claim',
    patches: [
      {
        file: 'protocol/add.ts',
        from: 'return decideAdd(byAuthor, byConference);',
        to: `const decision = decideAdd(byAuthor, byConference);
    if (decision.outcome === 'already_attending') {
      background.run(withdraw(author));
      background.run(withdraw(conference));
    }
    return decision;`,
      },
    ],
  },
  {
    name: 'cursor at the last returned pair',
    patches: [
      {
        file: 'protocol/list.ts',
        from: "return { outcome: 'found', entity: byRoot.entity, items, next };",
        to: `const last = (items.at(-1) as { id: string } | undefined)?.id ?? null;
      return { outcome: 'found', entity: byRoot.entity, items, next: next && last };`,
      },
    ],
  },
  {
    name: 'reconciler without grace',
    patches: [
      {
        file: 'owner/reconciliation.ts',
        from: 'clock() - times.grace',
        to: 'clock()',
      },
    ],
  },
  {
    name: 'grace counted from now, whatever is still open',
    patches: [
      {
        file: 'owner/reconciliation.ts',
        from: 'Math.min(settledBefore(copy), copy.openSince() - copy.times.grace)',
        to: 'settledBefore(copy)',
      },
    ],
  },
  {
    name: 'compaction that keeps any one, each reconciler its own',
    patches: [
      {
        file: 'protocol/reconciler/settle.ts',
        from: 'const surplus = sharedClaims(inAuthor, inConference).sort().slice(1);',
        to: `const shared = sharedClaims(inAuthor, inConference);
  const surplus = shared.filter((_, i) => i !== parseInt(settledBefore.slice(9, 13), 16) % shared.length);`,
      },
    ],
  },
  {
    name: 'reconciler that restores instead of dropping',
    patches: [
      {
        file: 'owner/insertClaims.ts',
        from: 'if (isExpired(item.claim_id, copy))',
        to: "if (!item.request_ids[0].startsWith('reconciler') && isExpired(item.claim_id, copy))",
      },
      {
        file: 'protocol/reconciler/copies.ts',
        from: '    readClaims: persist(',
        to: '    insertClaim: persist(ask(owner.insertClaims, world, { maxWeight })),\n    readClaims: persist(',
      },
      {
        file: 'protocol/reconciler/settle.ts',
        from: 'drops.map(({ copy, claim_id }) =>',
        to: `drops.map(({ copy, claim_id, reason, event_id, author_id }) => reason === 'half'
      ? copies[copy === 'author' ? 'conference' : 'author'].insertClaim({ claim_id, event_id, author_id })
      :`,
      },
    ],
  },
  {
    name: 'a remove that retires in one copy only',
    harmless: true,
    patches: [
      {
        file: 'protocol/remove.ts',
        from: 'const retirements = [retire(author), retire(conference)];',
        to: 'const retirements = [retire(author)];',
      },
    ],
  },
  {
    name: 'compaction that keeps the newest',
    harmless: true,
    patches: [
      {
        file: 'protocol/reconciler/settle.ts',
        from: 'sharedClaims(inAuthor, inConference).sort().slice(1)',
        to: 'sharedClaims(inAuthor, inConference).sort().slice(0, -1)',
      },
    ],
  },
];

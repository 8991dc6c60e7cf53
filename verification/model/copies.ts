import { sides, type Claims, type Copy, type Request, type State, type World } from './state.ts';

/** Returns a copy as it is after a request has arrived. A request is atomic, and the same request may arrive again. */
export function arrived(copy: Copy, { kind, claims, by }: Request, state: State, world: World): Copy {
  // the reconciler's requests name claims, and need no entity
  const obeys = kind === 'retire' || (kind !== 'drop' && world.change !== 'inserts obey the mark');
  if (copy.gone && obeys) return copy;
  switch (kind) {
    case 'insert':
    case 'restore':
      return hold(copy, claims & ~copy.tombstones);
    case 'drop':
      return letGo(copy, claims);
    case 'retire':
      return retire(copy, retiresPair(by, world) ? copy.held : claims, state, world);
  }
}

/** Decides whether an operation retires every claim of the pair instead of the claims that it saw. */
export function retiresPair(operation: number, { change, scenario }: World): boolean {
  return change === 'a remove retires only what it saw' && scenario.kinds[operation] === 'remove';
}

const hold = (copy: Copy, claims: Claims): Copy => ({ ...copy, held: copy.held | claims });

const letGo = (copy: Copy, claims: Claims): Copy => ({ ...copy, held: copy.held & ~claims });

/** Retires claims. A young claim may still arrive, so it leaves a tombstone; an older one has expired. */
function retire(copy: Copy, claims: Claims, { pastGrace }: State, { change }: World): Copy {
  const leaves = change !== 'a retired claim stays retired' && change !== 'a row is a claim, not the pair';
  return { ...letGo(copy, claims), tombstones: leaves ? copy.tombstones | (claims & ~pastGrace) : 0 };
}

/** Returns the state after a request has arrived at its copy. */
export function deliver(state: State, request: Request, world: World): State {
  const copy = arrived(state.copies[request.to], request, state, world);
  return { ...state, copies: { ...state.copies, [request.to]: copy } };
}

export function send(state: State, ...requests: Request[]): State {
  return { ...state, sent: [...state.sent, ...requests.filter(({ claims }) => claims !== 0)] };
}

export function unsend(state: State, unwanted: (request: Request) => boolean): State {
  return { ...state, sent: state.sent.filter((request) => !unwanted(request)) };
}

/** Returns the state after the commit of a request that a copy had begun to execute before, perhaps before a mark. */
export function commit(state: State, request: Request, world: World): State {
  const copy = state.copies[request.to];
  const committed = { ...arrived({ ...copy, gone: false }, request, state, world), gone: copy.gone };
  const uncommitted = state.uncommitted.filter((other) => other !== request);
  return { ...state, copies: { ...state.copies, [request.to]: committed }, uncommitted };
}

/** Marks the entity on the right side as deleted. */
export function withMark(state: State): State {
  return withRight(state, { gone: true });
}

/** Deletes claims of the right copy, without tombstones. */
export function withoutClaims(state: State, claims: Claims): State {
  return withRight(state, { held: state.copies.right.held & ~claims });
}

function withRight(state: State, change: Partial<Copy>): State {
  return { ...state, copies: { ...state.copies, right: { ...state.copies.right, ...change } } };
}

/** Lists the numbers of the claims in a set. Claim 0 exists at first; the others are numbered in the order of ids. */
export function numbers(claims: Claims): number[] {
  const found: number[] = [];
  for (let number = 0; claims >> number > 0; number++) if ((claims >> number) & 1) found.push(number);
  return found;
}

export function nameOf(claims: Claims, { change }: World): string {
  return change === 'a row is a claim, not the pair' ? 'the row' : `claim ${numbers(claims).join(' and ')}`;
}

export function sharedBy({ left, right }: { left: Claims; right: Claims }): Claims {
  return left & right;
}

export const bothSides = <T>(value: T) =>
  Object.fromEntries(sides.map((side) => [side, value])) as Record<(typeof sides)[number], T>;

import { sides, type Claims, type Copy, type Request, type State, type World } from './state.ts';

/** Returns a copy as it is after a request has arrived. A request is atomic, and the same request may arrive again. */
export function arrived(copy: Copy, { kind, claims, by }: Request, state: State, world: World): Copy {
  if (copy.gone) return copy;
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

/** Deletes the entity on the right side, and with it the claims in the right copy. */
export function withoutEntity(state: State): State {
  return { ...state, copies: { ...state.copies, right: { held: 0, tombstones: 0, gone: true } } };
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

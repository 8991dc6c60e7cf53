import { sides, type Claims, type Copy, type Request, type State, type World } from './state.ts';

/** What a copy is after a request has arrived: each request is atomic, and may arrive again. */
export function arrived(copy: Copy, { kind, claims, by }: Request, state: State, world: World): Copy {
  if (copy.gone) return copy;
  switch (kind) {
    case 'insert':
    case 'restore':
      return hold(copy, claims & ~copy.marked);
    case 'drop':
      return letGo(copy, claims);
    case 'retire': {
      const byPair = world.change === 'a remove retires only what it saw' && world.scenario.kinds[by] === 'remove';
      return retire(copy, byPair ? copy.held : claims, state, world);
    }
  }
}

const hold = (copy: Copy, claims: Claims): Copy => ({ ...copy, held: copy.held | claims });

const letGo = (copy: Copy, claims: Claims): Copy => ({ ...copy, held: copy.held & ~claims });

/** What may still be on its way is marked; what is old cannot come any more. */
function retire(copy: Copy, claims: Claims, { old }: State, { change }: World): Copy {
  const marks = change !== 'retired stays retired' && change !== 'a row is a claim, not the pair';
  return { ...letGo(copy, claims), marked: marks ? copy.marked | (claims & ~old) : 0 };
}

/** The state after a request has arrived at its copy. */
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

/** Where the entity of a copy is deleted, and its claims with it. */
export function withoutEntity(state: State): State {
  return { ...state, copies: { ...state.copies, conference: { held: 0, marked: 0, gone: true } } };
}

/** The claims of a set, by number: 0 was there before, the others are numbered in the order of their ids. */
export function numbers(claims: Claims): number[] {
  const found: number[] = [];
  for (let number = 0; claims >> number > 0; number++) if ((claims >> number) & 1) found.push(number);
  return found;
}

export function nameOf(claims: Claims, { change }: World): string {
  return change === 'a row is a claim, not the pair' ? 'the row' : `claim ${numbers(claims).join(' and ')}`;
}

export function sharedBy({ author, conference }: { author: Claims; conference: Claims }): Claims {
  return author & conference;
}

export const bothSides = <T>(value: T) =>
  Object.fromEntries(sides.map((side) => [side, value])) as Record<(typeof sides)[number], T>;

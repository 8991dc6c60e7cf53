import {
  batchOf,
  outcomesOf,
  type ItemOf,
  type Operation as WireOperation,
  type Operations,
  type OutcomeOf,
} from 'many-to-many';
import type { z } from 'zod';
import { operation } from './operation.ts';

/** Where the gateway asks for the wire operations of the relation. */
export const internalPath = (name: string) => `/internal/relation/${name}`;

function internalOperation<O extends WireOperation>(name: string, wire: O) {
  return operation({
    method: 'POST',
    path: internalPath(name),
    summary: wire.summary,
    body: batchOf(wire) as unknown as z.ZodType<{ items: ItemOf<O>[] }>,
    answers: { 200: outcomesOf(wire) as unknown as z.ZodType<{ outcomes: OutcomeOf<O>[] }> },
    problems: ['not_executed', 'outcome_unknown'],
    internal: true,
    routine: wire.routine,
  });
}

export type InternalContract<Table extends Operations> = {
  readonly [Name in keyof Table]: ReturnType<typeof internalOperation<Table[Name]>>;
};

/** Makes the contract of an owner service's internal routes of the table of wire operations. */
export function internalContract<Table extends Operations>(operations: Table): InternalContract<Table> {
  const contract = Object.entries(operations).map(([name, wire]) => [name, internalOperation(name, wire)]);
  return Object.fromEntries(contract) as InternalContract<Table>;
}

import { askCopy } from '../../src/gateway/ask.ts';
import type { ItemOf } from '../../src/operation.ts';
import { copyOperations, type CopyOperations } from '../../src/operations.ts';
import { createGateway, times } from './createGateway.ts';
import { enrolment, left, newId, newPair } from './samples.ts';

export const request_ids = ['request-1'];
export const insertItem = (): ItemOf<CopyOperations<unknown>['insertClaims']> => ({
  ...newPair(),
  claim_id: newId(),
  request_ids,
});
export const accepted = () => ({ outcome: 'accepted' as const, entity: left, claims: [] });

/** Creates a gateway, and calls of its scripted left copy for single items. */
export function createAsked() {
  const gateway = createGateway();
  const coalescing = { ...gateway.environment, times };
  return { gateway, copy: gateway.left, asked: askCopy(copyOperations(enrolment.left), gateway.left, coalescing) };
}

import type { InsertItem } from '@attendance/common/contract/claims';
import { v7 } from 'uuid';
import { askAuthor, askConference } from '../../src/protocol/ask.ts';
import { author, newPair } from './samples.ts';
import { createWorld } from './world.ts';

export const request_ids = ['request-1'];
export const insertItem = (): InsertItem => ({ ...newPair(), claim_id: v7(), request_ids });
export const taken = () => ({ outcome: 'taken' as const, entity: author, claims: [] });

/** A world, and its owners asked one item at a time. */
export function createAsked() {
  const world = createWorld();
  return { ...world, asked: askAuthor(world.author, world), conferenceAsked: askConference(world.conference, world) };
}

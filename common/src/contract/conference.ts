import { z } from 'zod';
import { conference, event, seq } from './entities.ts';
import { operation } from './operation.ts';
import { uuid } from 'many-to-many';
import { page, pageQuery, text } from './values.ts';

const id = z.strictObject({ id: uuid });

/** Conferences and their events. The conference service serves them, and the gateway passes them on. */
export const conferenceContract = {
  createConference: operation({
    method: 'POST',
    path: '/conference',
    summary: 'Create a conference',
    body: z.strictObject({ acronym: text(255) }),
    answers: { 201: conference },
    problems: ['not_executed', 'outcome_unknown'],
  }),
  listConferences: operation({
    method: 'GET',
    path: '/conference',
    summary: 'List conferences, in the order of their ids',
    query: z.strictObject(pageQuery),
    answers: { 200: page(conference) },
    problems: ['not_executed'],
  }),
  getConference: operation({
    method: 'GET',
    path: '/conference/:id',
    summary: 'Get a conference',
    params: id,
    answers: { 200: conference },
    problems: ['conference_not_found', 'not_executed'],
  }),
  deleteConference: operation({
    method: 'DELETE',
    path: '/conference/:id',
    summary: 'Delete a conference that has no events',
    params: id,
    answers: { 204: null },
    problems: ['conference_not_found', 'conference_has_events', 'not_executed', 'outcome_unknown'],
  }),
  createEvent: operation({
    method: 'POST',
    path: '/event',
    summary: 'Create an event of a conference',
    body: z.strictObject({ conference_id: uuid, seq }),
    answers: { 201: event },
    problems: ['conference_not_found', 'seq_taken', 'not_executed', 'outcome_unknown'],
  }),
  listEvents: operation({
    method: 'GET',
    path: '/event',
    summary: 'List the events of a conference, in the order of seq',
    query: z.strictObject({ conference_id: uuid, ...pageQuery }),
    answers: { 200: page(event) },
    problems: ['conference_not_found', 'not_executed'],
  }),
  getEvent: operation({
    method: 'GET',
    path: '/event/:id',
    summary: 'Get an event',
    params: id,
    answers: { 200: event },
    problems: ['event_not_found', 'not_executed'],
  }),
  deleteEvent: operation({
    method: 'DELETE',
    path: '/event/:id',
    summary: 'Delete an event, and with it its attendances',
    params: id,
    answers: { 204: null },
    problems: ['event_not_found', 'not_executed', 'outcome_unknown'],
  }),
};

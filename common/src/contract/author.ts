import { z } from 'zod';
import { author } from './entities.ts';
import { operation } from './operation.ts';
import { uuid } from 'many-to-many';
import { page, pageQuery, text } from './values.ts';

const id = z.strictObject({ id: uuid });

/** Authors. The author service serves them, and the gateway passes them on. */
export const authorContract = {
  createAuthor: operation({
    method: 'POST',
    path: '/author',
    summary: 'Create an author',
    body: z.strictObject({ full_name: text(1024) }),
    answers: { 201: author },
    problems: ['not_executed', 'outcome_unknown'],
  }),
  listAuthors: operation({
    method: 'GET',
    path: '/author',
    summary: 'List authors, in the order of their ids',
    query: z.strictObject(pageQuery),
    answers: { 200: page(author) },
    problems: ['not_executed'],
  }),
  getAuthor: operation({
    method: 'GET',
    path: '/author/:id',
    summary: 'Get an author',
    params: id,
    answers: { 200: author },
    problems: ['author_not_found', 'not_executed'],
  }),
  deleteAuthor: operation({
    method: 'DELETE',
    path: '/author/:id',
    summary: 'Delete an author, and with it its attendances',
    params: id,
    answers: { 204: null },
    problems: ['author_not_found', 'not_executed', 'outcome_unknown'],
  }),
};

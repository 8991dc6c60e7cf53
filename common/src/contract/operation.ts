import { z } from 'zod';
import type { Problem, ProblemCode } from './problems.ts';

export type Method = 'GET' | 'POST' | 'DELETE';

/**
 * One operation of a service, declared once. The server's route and validation (`http/router.ts`), the typed
 * client (`client/client.ts`) and the OpenAPI document (`contract/openapi.ts`) are all derived from it.
 */
export interface Operation {
  readonly method: Method;
  /** A path template in @koa/router's syntax: `/author/:id`. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  readonly body: z.ZodType | null;
  /**
   * Success bodies by status; null where there is no body. A 201 carries `Location` too. Their objects are open: a
   * client ignores fields that a newer server adds. The objects of requests are closed, so that no typo goes unnoticed.
   */
  readonly answers: Readonly<Record<number, z.ZodType | null>>;
  /** The problems that it answers with, besides those of every operation (see `openapi.ts`). */
  readonly problems: readonly ProblemCode[];
  /** Needs the service token, and accepts a larger body. */
  readonly internal: boolean;
  /** Called every few seconds; logged at debug level if it succeeds. */
  readonly routine: boolean;
}

export type Contract = Readonly<Record<string, Operation>>;

const nothing = z.strictObject({});
type Empty = typeof nothing;

interface Declaration {
  method: Method;
  path: string;
  summary: string;
  description?: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  answers: Record<number, z.ZodType | null>;
  problems?: readonly ProblemCode[];
  internal?: boolean;
  routine?: boolean;
}

type Declared<D extends Declaration> = Omit<Operation, 'params' | 'query' | 'body' | 'answers' | 'problems'> & {
  readonly params: D['params'] extends z.ZodObject ? D['params'] : Empty;
  readonly query: D['query'] extends z.ZodObject ? D['query'] : Empty;
  readonly body: D['body'] extends z.ZodType ? D['body'] : null;
  readonly answers: D['answers'];
  readonly problems: D['problems'] extends readonly ProblemCode[] ? D['problems'] : readonly [];
};

/** Declares an operation. Parts that are left out are empty. */
export function operation<const D extends Declaration>(declaration: D): Declared<D> {
  return {
    params: nothing,
    query: nothing,
    body: null,
    problems: [],
    internal: false,
    routine: false,
    ...declaration,
  };
}

type Success<O extends Operation> = {
  [S in keyof O['answers'] & number]: O['answers'][S] extends z.ZodType
    ? S extends 201
      ? { status: S; body: z.output<O['answers'][S]>; location: string }
      : { status: S; body: z.output<O['answers'][S]> }
    : { status: S };
}[keyof O['answers'] & number];

/** What a handler of the operation may answer, and what its client gets. */
export type Answer<O extends Operation> = Success<O> | Problem<O['problems'][number]>;

/** The validated request, as a handler sees it. */
export interface RequestTo<O extends Operation> {
  params: z.output<O['params']>;
  query: z.output<O['query']>;
  body: O['body'] extends z.ZodType ? z.output<O['body']> : null;
}

type MayBeEmpty<T> = Record<string, never> extends T ? true : Partial<T> extends T ? true : false;
type WhereNeeded<Name extends string, T> = MayBeEmpty<T> extends true ? { [N in Name]?: T } : { [N in Name]: T };

/** What a client sends. A part whose fields are all optional may be left out. */
export type ClientRequest<O extends Operation> = WhereNeeded<'params', z.input<O['params']>> &
  WhereNeeded<'query', z.input<O['query']>> &
  (O['body'] extends z.ZodType ? { body: z.input<O['body']> } : { body?: null });

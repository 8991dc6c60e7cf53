import type Router from '@koa/router';

/** Gives the methods that a path allows; none if there is no such route. The path `*` stands for the server as a whole. */
export function allowedMethods(router: Router, path: string): string[] {
  const layers = path === '*' ? router.stack : router.match(path, 'GET').path;
  return [...new Set(layers.flatMap((layer) => layer.methods))].sort();
}

import { request } from 'node:http';

interface Call {
  method?: 'GET' | 'POST';
  body?: unknown;
  timeout?: number;
}

/** Sends one request on a connection of its own, so that none stays open to a service that is about to stop. */
export function call(url: string, { method = 'GET', body, timeout = 5_000 }: Call = {}) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const outgoing = request(url, {
      method,
      agent: false,
      signal: AbortSignal.timeout(timeout),
      ...(body !== undefined && { headers: { 'content-type': 'application/json' } }),
    });
    outgoing.once('error', reject);
    outgoing.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.once('error', reject);
    });
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

import { setTimeout as pause } from 'node:timers/promises';

/** The public HTTP API, with one key. Waits when it is told to (429), and once more when a service is starting (503). */
export function apiOf(url, clientId, clientSecret) {
  const headers = { 'x-client-id': clientId, 'x-client-secret': clientSecret };
  return async function call(method, path, body, attempt = 1) {
    const response = await fetch(url + path, {
      method,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer = await response.json();
    if ((response.status === 429 || response.status === 503) && attempt < 20) {
      await pause(1_000 * Number(response.headers.get('retry-after') ?? 1));
      return call(method, path, body, attempt + 1);
    }
    return { status: response.status, body: answer };
  };
}

/** Does `work` with every item, so many at a time. */
export async function inParallel(items, width, work) {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

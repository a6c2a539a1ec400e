export const credentials = { clientId: 'bench', clientSecret: 'bench-secret-of-no-value' };

/** What every request of the load carries. */
export const authHeaders = {
  'x-client-id': credentials.clientId,
  'x-client-secret': credentials.clientSecret,
};

/** A call of the set-up, outside any measurement. Throws unless it is answered 2xx. */
export async function call<T>(
  port: number,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<T> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { ...authHeaders, ...(body !== undefined && { 'content-type': 'application/json' }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text) as T;
}

export const credentials = { clientId: 'bench', clientSecret: 'bench-secret-of-no-value' };

/** What every request of the load carries. */
export const authHeaders = {
  'x-client-id': credentials.clientId,
  'x-client-secret': credentials.clientSecret,
};

/** Calls of the set-up, outside any measurement. They throw unless they are answered 2xx. */
export async function post<T>(port: number, path: string, body: unknown): Promise<T> {
  return answerOf(
    path,
    await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: { ...authHeaders, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );
}

export async function get<T>(port: number, path: string): Promise<T> {
  return answerOf(path, await fetch(`http://127.0.0.1:${port}${path}`, { headers: authHeaders }));
}

async function answerOf<T>(path: string, response: Response): Promise<T> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
  return JSON.parse(text) as T;
}

/** A call that a newcomer can paste into a shell, once the two variables are set. */
export function curl(url: string, body: unknown): string {
  return [
    `curl ${url} -u "$CLIENT_ID:$CLIENT_SECRET" \\`,
    `  -H 'content-type: application/json' \\`,
    `  -d '${JSON.stringify(body)}'`,
  ].join('\n');
}

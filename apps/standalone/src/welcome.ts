import type { RunningGateway } from '../../gateway/src/start';

/** What is printed once everything runs. */
export function welcome(
  { url, publicUrl, firstKey }: RunningGateway,
  bootstrapId: string | undefined,
): string {
  const lines = ['', `Tearoff is ready at ${url}`, `  API docs   ${url}/docs`, `  Sandbox    ${url}/sandbox`];
  if (publicUrl !== url) lines.push(`  Links      ${publicUrl}/c/…`);
  lines.push('');
  if (firstKey) {
    lines.push(
      'Admin credentials, shown this once:',
      `  X-Client-Id      ${firstKey.clientId}`,
      `  X-Client-Secret  ${firstKey.clientSecret}`,
    );
  } else if (bootstrapId) {
    lines.push(`Admin credentials: ${bootstrapId} with the secret from BOOTSTRAP_CLIENT_SECRET.`);
  } else {
    lines.push(
      'Admin credentials: those printed at the first start on this data.',
      'Lost them? Start once with BOOTSTRAP_CLIENT_ID and BOOTSTRAP_CLIENT_SECRET set to new ones.',
    );
  }
  lines.push('', 'Ctrl-C stops it.', '');
  return lines.join('\n');
}

import { isLoopback } from '@tearoff/service-kit';
import type { RunningGateway } from '../../gateway/src/start';

const sandboxReaders = {
  key: 'with an API key (user name: its client id, password: its secret)',
  local: 'open to anyone on this machine',
  open: 'open to ANYONE who reaches this address: SANDBOX_INBOX=key closes it',
};

/** What is printed once everything runs. `host`: the address that it listens on. */
export function welcome(
  { url, publicUrl, sandboxInbox, firstKey }: RunningGateway,
  host: string,
  bootstrapId: string | undefined,
): string {
  const lines = ['', `Tearoff is ready at ${url}`, `  API docs   ${url}/docs`];
  lines.push(`  Sandbox    ${url}/sandbox   ${sandboxReaders[sandboxInbox]}`);
  if (publicUrl !== url) lines.push(`  Links      ${publicUrl}/c/…`);
  lines.push('', ...whoReachesIt(host), '');
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

function whoReachesIt(host: string): string[] {
  if (isLoopback(host)) {
    return [`Only this machine reaches it (HOST=${host}); HOST=0.0.0.0 opens it to your networks.`];
  }
  const whom =
    host === '0.0.0.0' || host === '::' ? 'Every network of this machine' : `The network of ${host}`;
  return [
    `${whom} reaches it (HOST=${host}).`,
    '  Without a key: coupon, card and claim pages, /docs, /health and /metrics. With a key: everything else.',
  ];
}

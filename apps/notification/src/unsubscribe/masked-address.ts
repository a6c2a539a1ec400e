import type { Channel } from '@tearoff/contracts';

/** Enough for them to know that it is theirs, too little for whom the link was forwarded to: `a•••@shop.example`, `•••456`. */
export function maskedAddress(channel: Channel, address: string): string {
  if (channel === 'sms') return `•••${address.slice(-3)}`;
  const at = address.lastIndexOf('@');
  return `${[...address][0]}•••${address.slice(at)}`;
}

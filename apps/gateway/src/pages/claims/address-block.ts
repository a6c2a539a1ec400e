/**
 * The block an address is from: IPv4 /24, IPv6 /48, which is what a customer of a hosting company or a site is
 * given. A single address costs an attacker nothing, blocks are dearer.
 */
export function blockOf(ip: string): string {
  const v4 = /(\d+\.\d+\.\d+)\.\d+$/.exec(ip);
  if (v4) return v4[1];
  const [head = '', tail] = ip.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) while (groups.length < 3) groups.push('0');
  return groups
    .slice(0, 3)
    .map((group) => group.replace(/^0+(?=.)/, '').toLowerCase())
    .join(':');
}

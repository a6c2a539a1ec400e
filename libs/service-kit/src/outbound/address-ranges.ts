import { BlockList, isIP } from 'node:net';

/** IPv4 that is not somebody's public server: IANA's special-purpose registry, multicast, and Azure's own metadata address. */
const closed4: readonly [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/** The only part of IPv6 that is public; IPv4 in other clothes (mapped, NAT64) is outside of it. */
const open6: readonly [string, number][] = [['2000::', 3]];
/** In it: protocol assignments with Teredo and ORCHID, documentation, 6to4, which is IPv4 in other clothes too. */
const closed6: readonly [string, number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const listOf = (ranges: readonly [string, number][], family: 'ipv4' | 'ipv6'): BlockList => {
  const list = new BlockList();
  for (const [net, prefix] of ranges) list.addSubnet(net, prefix, family);
  return list;
};
const closedV4 = listOf(closed4, 'ipv4');
const openV6 = listOf(open6, 'ipv6');
const closedV6 = listOf(closed6, 'ipv6');

/** Whether this address, v4 or v6 in any spelling, may belong to a server on the open internet. */
export function isPublic(address: string): boolean {
  if (isIP(address) === 4) return !closedV4.check(address, 'ipv4');
  if (isIP(address) !== 6 || address.includes('%')) return false;
  return openV6.check(address, 'ipv6') && !closedV6.check(address, 'ipv6');
}

import { lookup as systemLookup, Resolver } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { isPublic } from './address-ranges';

const longestUrl = 2_000;

export interface GuardOptions {
  allowPrivate: boolean;
  timeoutMs: number;
  /** Besides the usual ones. */
  ports?: readonly number[];
}

/** Every address of a name; throws where there is none. */
export type Resolve = (hostname: string) => Promise<string[]>;

/** The address that a name or a literal stands for is none that may be called. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

interface GuardRules {
  /** That may be called besides 443, and 80 where `http:` is among the schemes. */
  ports: readonly number[] | 'any';
  /** Whether names may be called that stand for something in one's own network by what they are. */
  localNames: boolean;
}

/** RFC 6761, RFC 6762, RFC 8375, and ICANN's own reservation of `internal`. */
const localName = /(?:^|\.)(?:localhost|local|internal|home\.arpa)\.?$/;
// A URL parser drops tabs and line ends wherever they are and blanks around it: another address would be called than
// the one that was written down.
// oxlint-disable-next-line no-control-regex
const dropped = /[\u0000-\u001f\u007f]|^ | $/;
const usualPorts: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80 };

/** `8443 9443` as numbers; of environment variables, which are checked against the pattern. */
export const portsOf = (text: string): number[] =>
  text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(Number);
export const portsPattern = '^\\s*(\\d{1,5}([\\s,]+\\d{1,5}){0,49})?\\s*$';

/**
 * Lets connections go to public addresses only. Names are judged by what they resolve to, and the connection goes to
 * the very addresses that were judged: a name that answers otherwise the next moment gains nothing.
 */
export class AddressGuard {
  /** For undici's agents: every connection passes here, also those to literal addresses, which no one looks up. */
  readonly connector: buildConnector.connector;

  constructor(
    private readonly resolve: Resolve,
    private readonly allowed: (address: string) => boolean,
    timeoutMs: number,
    private readonly rules: GuardRules = { ports: 'any', localNames: true },
  ) {
    const connect = buildConnector({ timeout: timeoutMs, lookup: this.lookup });
    this.connector = (options, callback) => {
      if (!this.mayBe(options.hostname)) callback(refused(options.hostname), null);
      else connect(options, callback);
    };
  }

  /** `allowPrivate`: any address and port, by the system's own resolver (hosts file, search domains). */
  static from({ allowPrivate, timeoutMs, ports = [] }: GuardOptions): AddressGuard {
    return allowPrivate
      ? new AddressGuard(fromSystem, () => true, timeoutMs)
      : new AddressGuard(fromDns, isPublic, timeoutMs, { ports, localNames: false });
  }

  /**
   * What is wrong with a URL as far as it can be told without asking anyone; null = nothing. `schemes`: as URLs spell
   * them, `https:`.
   */
  faultOf(text: string, schemes: readonly string[]): string | null {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (!url || text.length > longestUrl) return 'must be a URL of at most 2,000 characters';
    if (dropped.test(text)) return 'must not hold tabs, line ends, nor blanks around it';
    if (!schemes.includes(url.protocol))
      return `must begin with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`;
    if (url.username || url.password) return 'may hold no user name and no password';
    if (!this.mayBe(url.hostname)) return 'must not be a private or otherwise reserved address';
    return this.portFault(url, schemes);
  }

  private portFault({ port, protocol }: URL, schemes: readonly string[]): string | null {
    const { ports } = this.rules;
    const usual = schemes.flatMap((scheme) => usualPorts[scheme] ?? []);
    const wanted = port === '' ? usualPorts[protocol] : Number(port);
    if (ports === 'any' || usual.includes(wanted) || ports.includes(wanted)) return null;
    return `must not name port ${wanted}: ${[...usual, ...ports].join(', ')} may be called`;
  }

  /** False of a literal address that is refused; a name is judged when it is resolved. */
  private mayBe(hostname: string): boolean {
    const literal = hostname.replace(/^\[|\]$/g, '');
    if (isIP(literal) === 0) return this.rules.localNames || !localName.test(hostname);
    return this.allowed(literal);
  }

  private get lookup(): LookupFunction {
    return (hostname, { all }, callback) => {
      this.resolve(hostname).then(
        (addresses) => {
          const open = addresses.filter((address) => this.allowed(address));
          if (open.length === 0) return callback(refused(hostname), '', 0);
          const found = open.map((address) => ({ address, family: isIP(address) }));
          if (all) callback(null, found);
          else callback(null, found[0].address, found[0].family);
        },
        (error: NodeJS.ErrnoException) => callback(error, '', 0),
      );
    };
  }
}

const refused = (hostname: string): AddressRefused =>
  new AddressRefused(`${hostname} has no public address, and nothing else may be called`);

const fromSystem: Resolve = async (hostname) =>
  (await systemLookup(hostname, { all: true })).map(({ address }) => address);

/**
 * Not the system's: its lookups share four threads, so that a few names whose servers never answer would hold up all
 * others.
 */
const fromDns: Resolve = async (hostname) => {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  const [v4, v6] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  const found = [v4, v6].flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  if (found.length > 0) return found;
  throw (v4 as PromiseRejectedResult).reason;
};

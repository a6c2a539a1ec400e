import { lookup as systemLookup, Resolver } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { isPublic } from './address-ranges';

const longestUrl = 2_000;

/** Every address of a name; throws where there is none. */
export type Resolve = (hostname: string) => Promise<string[]>;

/** The address that a name or a literal stands for is none that may be called. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/**
 * Lets connections go to public addresses only. Names are judged by what they resolve to, and the connection goes to
 * the very addresses that were judged: a name that answers otherwise the next moment gains nothing.
 */
export class AddressGuard {
  /** For undici's agents: every connection passes here, also those to literal addresses, which nobody looks up. */
  readonly connector: buildConnector.connector;

  constructor(
    private readonly resolve: Resolve,
    private readonly allowed: (address: string) => boolean,
    timeoutMs: number,
  ) {
    const connect = buildConnector({ timeout: timeoutMs, lookup: this.lookup });
    this.connector = (options, callback) => {
      if (!this.mayBe(options.hostname)) callback(refused(options.hostname), null);
      else connect(options, callback);
    };
  }

  /** `allowPrivate`: any address, by the system's own resolver (hosts file, search domains). */
  static from({ allowPrivate, timeoutMs }: { allowPrivate: boolean; timeoutMs: number }): AddressGuard {
    return allowPrivate
      ? new AddressGuard(fromSystem, () => true, timeoutMs)
      : new AddressGuard(fromDns, isPublic, timeoutMs);
  }

  /**
   * What is wrong with a URL as far as it can be told without asking anybody; null = nothing. `schemes`: as URLs spell
   * them, `https:`.
   */
  faultOf(text: string, schemes: readonly string[]): string | null {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (!url || text.length > longestUrl) return 'must be a URL of at most 2,000 characters';
    if (!schemes.includes(url.protocol))
      return `must begin with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`;
    if (url.username || url.password) return 'may hold no user name and no password';
    if (!this.mayBe(url.hostname)) return 'must not be a private or otherwise reserved address';
    return null;
  }

  /** False of a literal address that is refused; a name is judged when it is resolved. */
  private mayBe(hostname: string): boolean {
    const literal = hostname.replace(/^\[|\]$/g, '');
    return isIP(literal) === 0 || this.allowed(literal);
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

import { createPrivateKey } from 'node:crypto';
import { Client } from 'pg';
import { makeChain, type Chain } from '../../apps/loyalty/src/apple/development-chain';
import { admin, eventually, startSystem, type System, type TransportName } from '../api/system';
import { ApnsStandIn } from './apns.stand-in';
import { GoogleStandIn } from './google.stand-in';
import { Phone } from './phone';
import { openPkpass, type Pkpass } from './pkpass';

export interface Issued {
  code: string;
  url: string;
  campaignId: string;
}

export interface OnCard {
  cardId: string;
  memberId: string;
  email: string;
  path: string;
  url: string;
  number: string;
}

export interface GoogleObject {
  /** `loyaltyObject/…` or `offerObject/…`. */
  name: string;
  id: string;
  classId: string;
  state: string;
  barcode: { type: string; value: string };
  [more: string]: unknown;
}

/** The two ways into APNs: the certificate that signs the passes, or a token, and then a development chain signs. */
export type AppleCredentials = 'certificate' | 'token';

const passTypeIdentifier = 'pass.com.example.shop';
const teamIdentifier = 'A1B2C3D4E5';

/** The whole system, with Apple's and Google's services standing in. */
export class WalletWorld {
  private people = 0;

  private constructor(
    readonly system: System,
    readonly apns: ApnsStandIn,
    readonly google: GoogleStandIn,
    private readonly database: Client,
    /** Null: the chain is the development one, in the database. */
    private readonly chain: Chain | null,
  ) {}

  static async start(
    env: NodeJS.ProcessEnv = {},
    transport: TransportName = 'in-process',
    credentials: AppleCredentials = 'token',
  ): Promise<WalletWorld> {
    const chain = credentials === 'certificate' ? makeChain(passTypeIdentifier, teamIdentifier) : null;
    const apns = new ApnsStandIn(chain ? [chain.root, chain.intermediate] : undefined);
    const google = new GoogleStandIn();
    const [apnsUrl, googleUrl] = await Promise.all([apns.start(), google.start()]);
    const system = await startSystem(transport, {
      APNS_URL: apnsUrl,
      APNS_CA: apns.certificate,
      ...(chain
        ? certificateEnv(chain)
        : { APNS_KEY: apns.providerKey.privateKey, APNS_KEY_ID: 'ABCDE12345' }),
      GOOGLE_WALLET_ISSUER_ID: '3388000000012345678',
      GOOGLE_WALLET_CREDENTIALS: google.credentials,
      GOOGLE_WALLET_URL: googleUrl,
      WALLET_PUSH_INTERVAL_MS: '0',
      ...env,
    });
    const database = new Client({ connectionString: system.databaseUrl });
    await database.connect();
    await database.query('set search_path = loyalty');
    return new WalletWorld(system, apns, google, database, chain);
  }

  async stop(): Promise<void> {
    await this.database.end();
    await this.system.stop();
    await Promise.all([this.apns.stop(), this.google.stop()]);
  }

  get development(): boolean {
    return this.chain === null;
  }

  /** What a phone would have to trust for the passes. */
  async root(): Promise<string> {
    if (this.chain) return this.chain.root;
    const { rows } = await this.database.query<{ root: string }>('select root from development_certificate');
    expect(rows).toHaveLength(1);
    return rows[0].root;
  }

  /**
   * As if it were so much later: what was done is longer ago, and what waits comes sooner. Not while a wallet is being
   * told: anyone who tells it has read the times before.
   */
  async later(interval: string): Promise<void> {
    await eventually(async () => {
      const { rowCount } = await this.database.query('select from wallet where lease_until is not null');
      expect(rowCount).toBe(0);
    });
    // One after the other, holding nothing that a worker might wait for with the next in its hand.
    for (const statement of [
      `update google_message set sent_at = sent_at - $1::interval`,
      `with held as materialized (select id from wallet order by id for update)
       update wallet set due_at = due_at - $1::interval, told_at = told_at - $1::interval
       from held where wallet.id = held.id`,
      `with held as materialized (select id from outbox where queue = 'loyalty.push' for update skip locked)
       update outbox set available_at = available_at - $1::interval from held where outbox.id = held.id`,
    ])
      await this.database.query(statement, [interval]);
  }

  /** In how many seconds the phone will be told; null when it knows everything. */
  async toldIn({ device }: Phone): Promise<number | null> {
    const { rows } = await this.database.query<{ seconds: number | null }>(
      'select extract(epoch from due_at - now())::float8 as seconds from wallet where id = $1',
      [`apple:${device}`],
    );
    return rows[0].seconds;
  }

  async coupon(campaign: object = {}, recipient: object = {}): Promise<Issued> {
    const made = await this.system.post('/v1/campaigns', {
      name: 'Spring',
      content: { title: 'Ten off "everything"', terms: 'Once.', color: '#0a7d3c' },
      ...campaign,
    });
    await this.newsIsOut();
    const { body } = await this.system.post('/v1/coupons', {
      campaignId: made.body.id,
      recipient: { externalId: `person ${++this.people}`, languageCode: 'de', ...recipient },
    });
    return { ...body, campaignId: made.body.id };
  }

  /** A campaign's news changes the passes of its coupons: one made before it was heard would be pushed once more. */
  private async newsIsOut(): Promise<void> {
    await eventually(async () => {
      const { rowCount } = await this.database.query('select from issuance.outbox where queue is null');
      return rowCount === 0;
    });
  }

  async card(input: object = {}): Promise<string> {
    const { body } = await this.system.post('/v1/loyalty/cards', {
      name: 'Friends',
      kind: 'points',
      rewards: [],
      design: { title: 'Friends of the house', color: '#5b3a1e' },
      ...input,
    });
    return body.id;
  }

  async member(cardId: string): Promise<OnCard> {
    const email = `member-${++this.people}@example.com`;
    const { body } = await this.system.post('/v1/loyalty/members', { email, firstName: 'Ann' });
    const path = `/v1/loyalty/cards/${cardId}/members/${body.id}`;
    const enrolled = await this.system.call('PUT', path);
    return { cardId, memberId: body.id, email, path, url: enrolled.body.url, number: enrolled.body.number };
  }

  award(of: OnCard, amount: number) {
    return this.system.post(`${of.path}/points`, { amount, reason: 'test' });
  }

  /** Puts the pass at Google, and answers how it is there at any time. */
  async atGoogle({ url }: { url: string }): Promise<() => GoogleObject> {
    const response = await fetch(`${url}/google-wallet`, { redirect: 'manual' });
    expect(response.status).toBe(302);
    const link = response.headers.get('location')!;
    const { payload } = this.google.claimsOf(link.replace('https://pay.google.com/gp/v/save/', '')) as {
      payload: Record<string, { id: string }[]>;
    };
    const [[kind, [{ id }]]] = Object.entries(payload);
    const name = `${kind.slice(0, -1)}/${id}`;
    return () => ({ name, ...this.google.resources.get(name) }) as GoogleObject;
  }

  redeem({ code }: Issued) {
    return this.system.post('/v1/redemptions', { code });
  }

  async reverse({ code }: Issued) {
    const { body } = await this.system.get(`/v1/redemptions?code=${code}`);
    const open = body.data.find(({ reversedAt }: { reversedAt: unknown }) => reversedAt === null);
    return this.system.post(`/v1/redemptions/${open.id}/reverse`, {});
  }

  change({ campaignId }: Issued, changes: object) {
    return this.system.call('PATCH', `/v1/campaigns/${campaignId}`, { body: changes });
  }

  async withdraw({ code }: Issued) {
    const { body } = await this.system.get(`/v1/coupons?code=${code}`);
    return this.system.post(`/v1/coupons/${body.data[0].id}/void`, {});
  }

  async passOf({ url }: { url: string }): Promise<Pkpass> {
    const response = await fetch(`${url}/pass.pkpass`);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'application/vnd.apple.pkpass',
    ]);
    expect(response.headers.get('cache-control')).toContain('no-store');
    return openPkpass(Buffer.from(await response.arrayBuffer()));
  }

  /** One that has the pass, is registered for it and up to date. */
  async phoneWith(issued: { url: string }): Promise<Phone> {
    const phone = new Phone((await this.passOf(issued)).json);
    expect((await phone.register()).status).toBe(201);
    await phone.whatChanged();
    await phone.fetchPass();
    return phone;
  }

  pushesTo(phone: Phone): number {
    return this.apns.pushes.filter(({ token }) => token === phone.pushToken).length;
  }

  /** The texts of what an object's holder was shown, in their order. */
  shownAtGoogle({ name }: GoogleObject): string[] {
    return this.google.messages.filter(({ object }) => object === name).map(({ body }) => body);
  }
}

/** With the key encrypted, as it comes out of a key chain. */
function certificateEnv({ certificate, key, intermediate }: Chain): NodeJS.ProcessEnv {
  const passphrase = 'a passphrase';
  return {
    APPLE_PASS_TYPE_ID: passTypeIdentifier,
    APPLE_TEAM_ID: teamIdentifier,
    APPLE_PASS_CERT: certificate,
    APPLE_PASS_KEY: createPrivateKey(key)
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
      .toString(),
    APPLE_PASS_KEY_PASSPHRASE: passphrase,
    APPLE_WWDR_CERT: intermediate,
  };
}

export { admin, eventually };

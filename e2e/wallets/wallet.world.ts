import { admin, eventually, startSystem, type System } from '../api/system';
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
  path: string;
  url: string;
  number: string;
}

/** The whole system in one process, with Apple's and Google's services standing in. */
export class WalletWorld {
  private people = 0;

  private constructor(
    readonly system: System,
    readonly apns: ApnsStandIn,
    readonly google: GoogleStandIn,
  ) {}

  static async start(): Promise<WalletWorld> {
    const [apns, google] = [new ApnsStandIn(), new GoogleStandIn()];
    const [apnsUrl, googleUrl] = await Promise.all([apns.start(), google.start()]);
    const system = await startSystem('in-process', {
      APNS_URL: apnsUrl,
      APNS_CA: apns.certificate,
      APNS_KEY: apns.providerKey.privateKey,
      APNS_KEY_ID: 'ABCDE12345',
      GOOGLE_WALLET_ISSUER_ID: '3388000000012345678',
      GOOGLE_WALLET_CREDENTIALS: google.credentials,
      GOOGLE_WALLET_URL: googleUrl,
      WALLET_PUSH_INTERVAL_MS: '0',
    });
    return new WalletWorld(system, apns, google);
  }

  async stop(): Promise<void> {
    await this.system.stop();
    await Promise.all([this.apns.stop(), this.google.stop()]);
  }

  async coupon(campaign: object = {}): Promise<Issued> {
    const made = await this.system.post('/v1/campaigns', {
      name: 'Spring',
      content: { title: 'Ten off "everything"', terms: 'Once.', color: '#0a7d3c' },
      ...campaign,
    });
    const { body } = await this.system.post('/v1/coupons', {
      campaignId: made.body.id,
      recipient: { externalId: `person ${++this.people}`, languageCode: 'de' },
    });
    return { ...body, campaignId: made.body.id };
  }

  async card(input: object = {}): Promise<string> {
    const { body } = await this.system.post('/v1/loyalty/cards', {
      name: 'Friends',
      kind: 'points',
      rewards: [],
      face: { title: 'Friends of the house', color: '#5b3a1e' },
      ...input,
    });
    return body.id;
  }

  async member(cardId: string): Promise<OnCard> {
    const email = `member-${++this.people}@example.com`;
    const { body } = await this.system.post('/v1/loyalty/members', { email, firstName: 'Ann' });
    const path = `/v1/loyalty/cards/${cardId}/members/${body.id}`;
    const enrolled = await this.system.call('PUT', path);
    return { cardId, memberId: body.id, path, url: enrolled.body.url, number: enrolled.body.number };
  }

  award(of: OnCard, amount: number) {
    return this.system.post(`${of.path}/points`, { amount, reason: 'test' });
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
}

export { admin, eventually };

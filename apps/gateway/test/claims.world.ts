import {
  FindCampaign,
  GetCampaign,
  GetCouponState,
  GetCouponPage,
  IssueCoupon,
  newId,
  notFound,
  RecordConsent,
  SearchCoupons,
  SendCoupon,
  SendNotice,
  type Campaign,
  type Coupon,
} from '@tearoff/contracts';
import { Client } from 'pg';
import { aCampaign, aCoupon, issuedState } from '../src/pages/test/fixtures';
import { admin, startHarness, type Answer, type CallOptions, type Harness } from './harness';

export const origin = 'https://shop.example';

/** A gateway with an issuance that keeps to one coupon a person, and remembers when it sent what. */
export class ClaimsWorld {
  readonly campaigns = new Map<string, Campaign>();
  readonly coupons = new Map<string, Coupon>();
  readonly sent: { to: string; couponId: string }[] = [];
  accountId = '';
  key: Record<string, string> = {};

  private constructor(
    readonly harness: Harness,
    readonly database: Client,
  ) {}

  static async start(env: NodeJS.ProcessEnv = {}): Promise<ClaimsWorld> {
    const harness = await startHarness({ TRUST_PROXY: '1', ...env });
    const database = new Client({ connectionString: harness.databaseUrl });
    await database.connect();
    const schema = await database.query<{ nspname: string }>(
      `select nspname from pg_namespace where nspname = 'gateway'`,
    );
    await database.query(`set search_path to ${schema.rows[0].nspname}`);
    const world = new ClaimsWorld(harness, database);
    const { rows } = await database.query<{ id: string }>(`select id from account`);
    world.accountId = rows[0].id;
    const made = await harness.call('POST', '/v1/api-keys', {
      body: { name: 'page', scopes: ['public'], origins: [origin] },
    });
    world.key = { 'x-client-id': made.body.clientId };
    world.answer();
    return world;
  }

  async stop(): Promise<void> {
    await this.database.end();
    await this.harness.stop();
  }

  /** The other services, as they are while nothing is wrong. */
  answer(): void {
    const { others } = this.harness;
    const find = ({ campaignId }: { campaignId: string }) =>
      this.campaigns.get(campaignId) ?? notFound('campaign.not_found', 'There is no such campaign.');
    others.on(FindCampaign, find);
    others.on(GetCampaign, (request) => {
      const campaign = find(request);
      return 'id' in campaign && campaign.accountId === request.accountId
        ? { ...campaign, issued: 0, stock: null }
        : notFound('campaign.not_found', 'There is no such campaign.');
    });
    others.on(IssueCoupon, ({ campaignId, recipient, channel, metadata }) => {
      const to = (recipient.phone ?? recipient.email)!;
      const held = this.coupons.get(`${campaignId} ${to}`);
      if (held) return { outcome: 'repeated' as const, coupon: held };
      const coupon = aCoupon(this.campaigns.get(campaignId)!, { recipient, metadata: metadata ?? null });
      return { outcome: 'issued' as const, coupon: this.sendTo(to, coupon, channel as 'sms') };
    });
    others.on(SendCoupon, ({ couponId, channel }) => {
      const coupon = [...this.coupons.values()].find(({ id }) => id === couponId)!;
      return this.sendTo((coupon.recipient.phone ?? coupon.recipient.email)!, coupon, channel);
    });
    others.on(SearchCoupons, ({ phone, email }) => ({
      data: [...this.coupons.values()].filter(
        ({ recipient }) => (recipient.phone ?? recipient.email) === (phone ?? email),
      ),
      nextCursor: null,
    }));
    others.on(RecordConsent, () => ({}));
    others.on(SendNotice, () => ({ suppressed: false }));
  }

  campaign(claim: Campaign['claim'] = {}, changes: Partial<Campaign> = {}): Campaign {
    const campaign = aCampaign({
      accountId: this.accountId,
      claim: { public: true, origins: [origin], country: 'GB', ...claim },
      ...changes,
    });
    this.campaigns.set(campaign.id, campaign);
    return campaign;
  }

  claim(campaign: Campaign, body: Record<string, unknown> = {}, options: CallOptions = {}): Promise<Answer> {
    return this.harness.call('POST', '/v1/claims', {
      as: this.key,
      body: { campaignId: campaign.id, recipient: { phone: '07400 123456' }, ...body },
      ...options,
      headers: { origin, ...options.headers },
    });
  }

  form(campaign: Campaign, headers: Record<string, string> = {}): Promise<Answer> {
    const path = `/v1/claims/form?campaignId=${campaign.id}`;
    return this.harness.call('GET', path, { as: this.key, headers: { origin, ...headers } });
  }

  post(campaign: Campaign, fields: Record<string, string>, query = '', headers = {}): Promise<Answer> {
    return this.harness.call('POST', `/o/${campaign.id}${query}`, {
      as: null,
      raw: new URLSearchParams(fields).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    });
  }

  /** Nothing waits any more. */
  async settled(): Promise<void> {
    for (;;) {
      const { rows } = await this.database.query(`select 1 from claim where status = 'waiting' limit 1`);
      if (rows.length === 0) return;
    }
  }

  face(coupon: Coupon, campaign: Campaign): void {
    this.harness.others.on(GetCouponPage, () => ({ coupon, campaign }));
    this.harness.others.on(GetCouponState, () => issuedState);
  }

  /** Hears an event as it passes. */
  async hear(type: string): Promise<Record<string, unknown>[]> {
    const items: Record<string, unknown>[] = [];
    const link = await this.harness.others.transport.connect('insights');
    await link.listen('insights', [type], (body) => {
      const events = [JSON.parse(body)].flat() as { data: { items: Record<string, unknown>[] } }[];
      items.push(...events.flatMap(({ data }) => data.items));
    });
    return items;
  }

  private sendTo(to: string, coupon: Coupon, channel: 'sms' | 'email'): Coupon {
    const delivery = { id: newId('delivery'), channel, status: 'queued' };
    const sent = { ...coupon, delivery };
    this.coupons.set(`${coupon.campaignId} ${to}`, sent);
    this.sent.push({ to, couponId: coupon.id });
    return sent;
  }
}

export { admin };

import {
  ChangePoints,
  conflict,
  DomainError,
  faultsOf,
  FindContact,
  GetCampaign,
  GetCard,
  GetCoupon,
  GetTemplate,
  IssueCoupon,
  newId,
  notFound,
  SendMessages,
  type CommandDefinition,
  type Contact,
  type Coupon,
  type DomainErrorJson,
  type MessageContext,
  type IssueOutcome,
  type IssueRefusal,
  type PointsOutcome,
  type RequestOf,
  type Reward,
  type SendError,
  type SendResult,
} from '@tearoff/contracts';
import type { Link, Transport } from '@tearoff/messaging';

type Result = { ok: unknown } | { error: DomainErrorJson };
type Issue = RequestOf<typeof IssueCoupon>;
type Send = RequestOf<typeof SendMessages>;
type Recipient = Send['recipients'][number];
type Points = RequestOf<typeof ChangePoints>;

const commands = [
  ChangePoints,
  FindContact,
  GetCampaign,
  GetCard,
  GetCoupon,
  GetTemplate,
  IssueCoupon,
  SendMessages,
];

/**
 * Issuance, notification and loyalty as automation knows them: the same id asked for again is the same effect, and
 * what does not fit the contract is refused. `owners` leaves one out, as if it were away.
 */
export class Owners {
  readonly campaigns = new Map<
    string,
    { accountId: string; type: string; timezone: string; total: number | null }
  >();
  readonly templates = new Map<string, { accountId: string; channel: 'sms' | 'email' }>();
  readonly cards = new Map<string, { accountId: string; rewards: Partial<Reward>[] }>();
  readonly coupons = new Map<string, Coupon>();
  /** By delivery id. */
  readonly sent = new Map<string, Recipient & { templateId: string; channel?: string }>();
  /** By reference. */
  readonly points = new Map<string, Points>();
  readonly contacts = new Map<string, Contact>();
  /** How many requests of a command came, the same one twice counted twice. */
  readonly asked = new Map<string, number>();
  /** What came with each request, a message's recipients each for itself. */
  readonly contexts: { command: string; context: MessageContext | undefined }[] = [];
  readonly refuseIssue = new Map<string, IssueRefusal>();
  readonly refuseSend = new Map<string, SendError>();
  /** E-mail addresses that are no member's. */
  readonly strangers = new Set<string>();
  /** Called for each message of commands before anything is done, and after it was done; throwing answers that error. */
  before: (command: string, requests: readonly unknown[]) => Promise<void> | void = () => undefined;
  after: (command: string, requests: readonly unknown[]) => Promise<void> | void = () => undefined;
  private readonly links = new Map<string, Link>();

  static async open(transport: Transport): Promise<Owners> {
    const owners = new Owners();
    for (const service of ['issuance', 'notification', 'loyalty'] as const)
      await owners.join(transport, service);
    return owners;
  }

  async join(transport: Transport, service: 'issuance' | 'notification' | 'loyalty'): Promise<void> {
    const link = await transport.connect(service);
    await link.respond(service, 10, (message) => this.answer(message));
    this.links.set(service, link);
  }

  async close(): Promise<void> {
    await Promise.all([...this.links.values()].map((link) => link.close()));
  }

  campaign(
    accountId: string,
    { type = 'direct', timezone = 'UTC', total = null as number | null } = {},
  ): string {
    const id = newId('campaign');
    this.campaigns.set(id, { accountId, type, timezone, total });
    return id;
  }

  template(accountId: string, channel: 'sms' | 'email' = 'sms'): string {
    const id = newId('template');
    this.templates.set(id, { accountId, channel });
    return id;
  }

  card(accountId: string, ...rewards: Partial<Reward>[]): string {
    const id = newId('card');
    this.cards.set(id, { accountId, rewards });
    return id;
  }

  private async answer(message: unknown): Promise<{ results: Result[] }> {
    const { command: name, items } = message as {
      command: string;
      items: { data: unknown; context?: MessageContext }[];
    };
    const command = commands.find((known) => known.name === name);
    const requests = items.map(({ data }) => data);
    this.asked.set(name, (this.asked.get(name) ?? 0) + items.length);
    for (const { data, context } of items)
      for (const own of (data as Partial<Send>).recipients ?? [{ context }])
        this.contexts.push({ command: name, context: own.context });
    try {
      await this.before(name, requests);
      const results = requests.map((request) => this.result(command, name, request));
      await this.after(name, requests);
      return { results };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { results: items.map(() => ({ error: error.toJSON() })) };
    }
  }

  private result(command: CommandDefinition | undefined, name: string, request: unknown): Result {
    if (!command) throw new Error(`no one stands in for ${name}`);
    const errors = faultsOf(command.request, request);
    if (errors)
      return {
        error: {
          code: 'command.invalid',
          kind: 'invalid',
          message: JSON.stringify(errors),
          details: { errors },
        },
      };
    try {
      return { ok: this.reply(command, request as never) };
    } catch (error) {
      return { error: (error as DomainError).toJSON() };
    }
  }

  private reply(command: CommandDefinition, request: never): unknown {
    switch (command) {
      case GetCampaign:
        return found(
          this.campaigns,
          (request as RequestOf<typeof GetCampaign>).campaignId,
          request,
          'campaign',
        );
      case GetTemplate:
        return found(
          this.templates,
          (request as RequestOf<typeof GetTemplate>).templateId,
          request,
          'template',
        );
      case GetCard:
        return found(this.cards, (request as RequestOf<typeof GetCard>).cardId, request, 'card');
      case GetCoupon:
        return found(this.coupons, (request as RequestOf<typeof GetCoupon>).couponId, request, 'coupon');
      case IssueCoupon:
        return this.issue(request);
      case SendMessages:
        return this.send(request);
      case ChangePoints:
        return this.change(request);
      default:
        throw conflict('stand-in.unknown', `no one stands in for ${command.name}`);
    }
  }

  private issue(request: Issue): IssueOutcome {
    const { accountId, campaignId, recipient, couponId = newId('coupon') } = request;
    const known = this.coupons.get(couponId);
    if (known) return { outcome: 'repeated', coupon: known };
    const campaign = this.campaigns.get(campaignId);
    const reason =
      this.refuseIssue.get(campaignId) ??
      (campaign?.accountId !== accountId ? 'campaign.not_found' : undefined) ??
      (campaign?.total !== null && this.issuedOf(campaignId) >= (campaign?.total ?? 0)
        ? 'campaign.exhausted'
        : undefined) ??
      (recipient.phone || recipient.email || recipient.externalId ? undefined : 'recipient.missing');
    if (reason) return { outcome: 'refused', reason, message: `Refused: ${reason}.` };
    const coupon: Coupon = {
      id: couponId,
      accountId,
      campaignId,
      code: `CODE${this.coupons.size + 1}`,
      token: newId('coupon'),
      status: 'issued',
      recipient,
      offerId: null,
      channel: request.channel ?? 'none',
      source: null,
      metadata: request.metadata ?? null,
      issuedAt: '2031-01-01T00:00:00.000Z',
      validFrom: '2031-01-01T00:00:00.000Z',
      validTo: null,
      redeemedAt: null,
      redeemedStoreId: null,
      voidedAt: null,
      delivery: null,
    };
    this.coupons.set(couponId, coupon);
    return { outcome: 'issued', coupon };
  }

  private issuedOf(campaignId: string): number {
    return [...this.coupons.values()].filter((coupon) => coupon.campaignId === campaignId).length;
  }

  private send({ accountId, templateId, channel, recipients }: Send): { results: SendResult[] } {
    found(this.templates, templateId, { accountId }, 'template');
    const results = recipients.map((recipient): SendResult => {
      const { deliveryId, phone, email } = recipient;
      const error =
        this.refuseSend.get(phone ?? email ?? '') ?? (phone || email ? null : 'recipient.no_address');
      if (error) return { deliveryId, status: 'refused', error };
      if (!this.sent.has(deliveryId)) this.sent.set(deliveryId, { ...recipient, templateId, channel });
      return { deliveryId, status: 'queued', error: null };
    });
    return { results };
  }

  private change(request: Points): PointsOutcome {
    const { cardId, amount, reference = newId('entry'), accountId, by } = request;
    if (this.cards.get(cardId)?.accountId !== accountId)
      return { outcome: 'refused', reason: 'card.not_found', balance: null };
    if (this.strangers.has(request.email ?? ''))
      return { outcome: 'refused', reason: 'member.not_found', balance: null };
    const repeated = this.points.has(reference);
    if (!repeated) this.points.set(reference, request);
    const entry = {
      id: newId('entry'),
      accountId,
      cardId,
      memberId: request.memberId ?? newId('member'),
      kind: 'award' as const,
      amount,
      balance: amount,
      reference,
      reason: null,
      storeId: null,
      by,
      at: '2031-01-01T00:00:00.000Z',
      pendingUntil: null,
      expiresAt: null,
    };
    return { outcome: repeated ? 'repeated' : 'entered', entry, balance: amount, pending: 0 };
  }
}

function found<T extends { accountId: string }>(
  all: Map<string, T>,
  id: string,
  asked: { accountId: string },
  noun: string,
) {
  const row = all.get(id);
  if (row?.accountId !== asked.accountId) throw notFound(`${noun}.not_found`, `There is no such ${noun}.`);
  return { id, ...row };
}

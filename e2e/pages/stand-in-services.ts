import {
  faultsOf,
  GetCardPage,
  GetCoupon,
  GetCouponState,
  GetCouponPage,
  ListSandboxMessages,
  ReadUnsubscribe,
  Unsubscribe,
  newId,
  notFound,
  unavailable,
  type CommandDefinition,
  type Coupon,
  type CouponState,
  type EventDefinition,
  type ItemOf,
  type ReplyOf,
  type RequestOf,
  type SandboxMessage,
} from '@tearoff/contracts';
import { Broadcasts } from '@tearoff/messaging';
import type { Static } from '@sinclair/typebox';
import type { KnownCard } from '../../apps/gateway/src/pages/test/card.fixtures';
import { issuedState, type Known } from '../../apps/gateway/src/pages/test/fixtures';

/** What issuance, redemption and notification would answer, held in memory and checked against the contracts. */
export class StandInServices {
  readonly broadcasts = new Broadcasts();
  readonly asked: string[] = [];
  /** What was told of, by event type. */
  readonly told: [type: string, items: readonly unknown[]][] = [];
  readonly outbox = {
    transaction: (work: (tx: null) => Promise<void>): Promise<void> => work(null),
    add: (_tx: null, { type }: EventDefinition, items: readonly unknown[]): Promise<void> =>
      Promise.resolve(void this.told.push([type, items])),
  };
  readonly away = new Set<CommandDefinition['service']>();
  /** No one answers before. */
  heldUntil: Promise<unknown> = Promise.resolve();
  messages: Static<typeof SandboxMessage>[] = [];
  sandboxOn = true;
  /** By token: whether they have unsubscribed. */
  readonly links = new Map<string, boolean>();
  private readonly cards = new Map<string, KnownCard>();
  private readonly coupons = new Map<string, Coupon>();
  private readonly faces = new Map<string, Known>();
  private readonly states = new Map<string, CouponState>();

  put(known: Known, owner: CouponState = issuedState): string {
    this.faces.set(known.coupon.token, known);
    this.states.set(known.coupon.code, owner);
    return known.coupon.token;
  }

  putCard(known: KnownCard): string {
    this.cards.set(known.enrolment.token, known);
    return known.enrolment.token;
  }

  putCoupon(coupon: Coupon): void {
    this.coupons.set(coupon.id, coupon);
  }

  /** Changes the owner's truth without telling anyone. */
  settle({ coupon }: Known, owner: CouponState): void {
    this.states.set(coupon.code, owner);
  }

  tell<E extends EventDefinition>(event: E, item: ItemOf<E>): void {
    const body = {
      specversion: '1.0',
      id: newId('event'),
      type: event.type,
      source: event.source,
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      data: { items: [item] },
    };
    this.broadcasts.deliver(JSON.stringify([body]), (error) => {
      throw error;
    });
  }

  async send<C extends CommandDefinition>(command: C, request: RequestOf<C>): Promise<ReplyOf<C>> {
    this.asked.push(command.name);
    const faults = faultsOf(command.request, request);
    if (faults) throw new Error(`${command.name}: ${JSON.stringify(faults)}`);
    if (this.away.has(command.service))
      throw unavailable('service.unavailable', `${command.service} is away`);
    await this.heldUntil;
    const reply = this.answer(command, request as never);
    const wrong = faultsOf(command.reply, reply);
    if (wrong) throw new Error(`${command.name}: ${JSON.stringify(wrong)}`);
    return reply;
  }

  private answer(
    command: CommandDefinition,
    request: { token: string; code: string; couponId: string; to?: string },
  ): unknown {
    switch (command.name) {
      case GetCouponPage.name: {
        const known = this.faces.get(request.token);
        if (!known) throw notFound('coupon.not_found', 'There is no such coupon.');
        return known;
      }
      case GetCardPage.name: {
        const card = this.cards.get(request.token);
        if (!card) throw notFound('enrolment.not_found', 'There is no such card.');
        return card;
      }
      case GetCoupon.name: {
        const coupon = this.coupons.get(request.couponId);
        if (!coupon) throw notFound('coupon.not_found', 'There is no such coupon.');
        return coupon;
      }
      case GetCouponState.name:
        return this.states.get(request.code) ?? { ...issuedState, state: 'unknown' };
      case ListSandboxMessages.name:
        if (!this.sandboxOn) throw notFound('sandbox.off', 'The sandbox is off.');
        return {
          data: this.messages.filter(({ to }) => !request.to || to === request.to),
          nextCursor: null,
        };
      case ReadUnsubscribe.name: {
        const unsubscribed = this.links.get(request.token);
        return unsubscribed === undefined
          ? null
          : {
              channel: 'email',
              maskedAddress: 'a•••@a-rather-long-domain-name-of-a-shop.example',
              unsubscribed,
            };
      }
      case Unsubscribe.name:
        this.links.set(request.token, true);
        return {};
      default:
        throw new Error(`no one stands in for ${command.name}`);
    }
  }
}

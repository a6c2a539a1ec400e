import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import {
  CouponRedeemed,
  EventRecorded,
  RedemptionReversed,
  type CouponRedeemedItem,
  type EventRecordedItem,
  type ItemOf,
} from '@tearoff/contracts';
import type { EventContext } from '@tearoff/messaging';
import { phoneKey, readableNames } from '../members/member-names';
import {
  earningFaults,
  earnsByEvent,
  earnsByRedemption,
  pointsOfEvent,
  pointsOfRedemption,
} from './earning.rules';
import { EarningService, type EarningEvent } from './earning.service';
import { Recipients } from './recipients';

/** What others have told, by which members earn. It may come twice, late and in any order. */
@Controller()
export class EarningConsumer {
  constructor(
    private readonly earning: EarningService,
    private readonly recipients: Recipients,
  ) {}

  @EventPattern<string>(CouponRedeemed.type)
  async onRedeemed(
    @Payload() items: CouponRedeemedItem[],
    @Ctx() { tx, contexts }: EventContext,
  ): Promise<void> {
    const cards = await this.earning.earningCards(
      tx,
      items.map(({ accountId }) => accountId),
    );
    const earned = items.flatMap((item, at) => {
      const giving = (cards.get(item.accountId) ?? []).filter((card) =>
        earnsByRedemption(card, item.campaignId),
      );
      return giving.length > 0 ? { item, giving, context: contexts[at] } : [];
    });
    const holders = await this.recipients.holders(
      earned.map(({ item }) => item),
      earned.map(({ context }) => context),
    );
    const members = await this.recipients.members(tx, holders);
    const known = earned.flatMap((one, at) => {
      const memberId = members.get(at);
      return memberId === undefined ? [] : { ...one, memberId };
    });
    if (known.length === 0) return;
    const reversed = await this.earning.heard(
      tx,
      known.map(({ item: { accountId, redemptionId }, memberId }) => ({ accountId, redemptionId, memberId })),
    );
    const state = known.filter(({ item }) => !reversed.has(item.redemptionId));
    await this.earning.award(
      tx,
      state.map(({ item, memberId, giving, context }): EarningEvent => ({
        accountId: item.accountId,
        memberId,
        cards: giving,
        reference: item.redemptionId,
        by: 'redemption',
        storeId: item.storeId,
        context,
        points: (card, tier) => pointsOfRedemption(card, tier, item),
      })),
    );
  }

  @EventPattern<string>(RedemptionReversed.type)
  async onReversed(
    @Payload() items: ItemOf<typeof RedemptionReversed>[],
    @Ctx() { tx }: EventContext,
  ): Promise<void> {
    await this.earning.reverse(tx, items);
  }

  @EventPattern<string>(EventRecorded.type)
  async onRecorded(
    @Payload() items: EventRecordedItem[],
    @Ctx() { tx, contexts }: EventContext,
  ): Promise<void> {
    const cards = await this.earning.earningCards(
      tx,
      items.map(({ accountId }) => accountId),
    );
    const earned = items.flatMap((item, at) => {
      const giving = (cards.get(item.accountId) ?? []).filter((card) => earnsByEvent(card, item.type));
      return giving.length > 0 && !repeatsItsOwnKey(item) ? { item, giving, context: contexts[at] } : [];
    });
    const members = await this.recipients.members(
      tx,
      earned.map(({ item: { accountId, contact } }) =>
        contact ? { accountId, names: readableNames(contact, contact.country) } : null,
      ),
    );
    await this.earning.award(
      tx,
      earned.flatMap(({ item, giving, context }, at): EarningEvent | [] => {
        const memberId = members.get(at);
        if (memberId === undefined) return [];
        return {
          accountId: item.accountId,
          memberId,
          cards: giving,
          reference: item.eventId,
          by: 'event',
          storeId: null,
          context,
          points: (card, tier) => pointsOfEvent(card, tier, item),
          faults: (card) => earningFaults(card, item),
        };
      }),
    );
  }
}

/** An order that is posted twice under its number is one order; what a contact alone identifies happens again. */
function repeatsItsOwnKey({ repeated, key, contact }: EventRecordedItem): boolean {
  if (!repeated || !contact) return repeated;
  const { phone, email, externalId } = readableNames(contact, contact.country);
  const names = [phone, phoneKey(phone), email, externalId, contact.phone, contact.email, contact.externalId];
  return !names.includes(key);
}

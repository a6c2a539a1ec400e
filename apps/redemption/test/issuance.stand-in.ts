import { Controller, Inject } from '@nestjs/common';
import { EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import {
  CampaignChanged,
  CouponIssued,
  CouponRedeemed,
  CouponVoided,
  LookUpCode,
  normaliseCode,
  RedemptionReversed,
  type Campaign,
  type CodeEntry,
  type CouponRedeemedItem,
  type ItemOf,
  type ReplyOf,
  type RequestOf,
} from '@tearoff/contracts';
import type { Transport } from '@tearoff/messaging';
import { otherEventsOf, startStandIn } from '@tearoff/testing';
import { issuedItemOf } from './builders';

/** What the stand-in gave out, what it was asked and what it was told. */
export class Ledger {
  readonly campaigns = new Map<string, Campaign>();
  readonly entries = new Map<string, CodeEntry>();
  readonly asked: string[] = [];
  readonly redeemed: CouponRedeemedItem[] = [];
  readonly reversed: ItemOf<typeof RedemptionReversed>[] = [];
  readonly voided: ItemOf<typeof CouponVoided>[] = [];
  importedCodes = false;

  give(campaign: Campaign, ...entries: CodeEntry[]): void {
    this.campaigns.set(campaign.id, campaign);
    for (const entry of entries) this.entries.set(`${entry.accountId} ${normaliseCode(entry.code)}`, entry);
  }
}

@Controller()
class StandIn {
  constructor(@Inject(Ledger) private readonly ledger: Ledger) {}

  @MessagePattern(LookUpCode.name)
  lookUp(@Payload() requests: RequestOf<typeof LookUpCode>[]): ReplyOf<typeof LookUpCode>[] {
    return requests.map(({ accountId, code }) => {
      this.ledger.asked.push(code);
      const entry = this.ledger.entries.get(`${accountId} ${code}`) ?? null;
      const campaign = (entry && this.ledger.campaigns.get(entry.campaignId)) ?? null;
      return { entry, campaign, importedCodes: this.ledger.importedCodes };
    });
  }

  @EventPattern<string>(CouponRedeemed.type)
  onRedeemed(@Payload() items: CouponRedeemedItem[]): void {
    this.ledger.redeemed.push(...items);
  }

  @EventPattern<string>(RedemptionReversed.type)
  onReversed(@Payload() items: ItemOf<typeof RedemptionReversed>[]): void {
    this.ledger.reversed.push(...items);
  }

  @EventPattern<string>(CouponVoided.type)
  onVoided(@Payload() items: ItemOf<typeof CouponVoided>[]): void {
    this.ledger.voided.push(...items);
  }

  @EventPattern<string[]>(otherEventsOf('issuance', CouponRedeemed, RedemptionReversed, CouponVoided))
  onOther(): void {}
}

/** Issuance as far as redemption knows it: answers for the codes in its ledger and tells of them when asked to. */
export async function startIssuance(transport: Transport, databaseUrl: string) {
  const ledger = new Ledger();
  const { dataSource, messaging, stop } = await startStandIn({
    service: 'issuance',
    transport,
    databaseUrl,
    controller: StandIn,
    state: ledger,
  });
  const { outbox } = messaging;
  return {
    ledger,
    dataSource,
    tellCampaign: (...campaigns: Campaign[]) =>
      outbox.transaction((tx) => outbox.add(tx, CampaignChanged, campaigns)),
    tellIssued: (campaign: Campaign, entries: CodeEntry[]) =>
      outbox.transaction((tx) =>
        outbox.add(
          tx,
          CouponIssued,
          entries.map((entry) => issuedItemOf(entry, campaign)),
        ),
      ),
    stop,
  };
}
export type Issuance = Awaited<ReturnType<typeof startIssuance>>;

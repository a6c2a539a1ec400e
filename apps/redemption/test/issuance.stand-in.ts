import { Controller, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
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
import { otherEventsOf } from '@tearoff/testing';
import {
  messagingEntities,
  messagingMigrations,
  MessagingModule,
  openMessaging,
  type Transport,
} from '@tearoff/messaging';
import { openDatabase } from '@tearoff/service-kit';
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
export async function startIssuance(transport: Transport, url: string) {
  const dataSource = await openDatabase({
    service: 'issuance',
    url,
    entities: messagingEntities,
    migrations: messagingMigrations,
    poolSize: 4,
  });
  const messaging = await openMessaging({ service: 'issuance', transport, dataSource });
  const ledger = new Ledger();
  @Module({
    imports: [MessagingModule.forRoot(messaging)],
    controllers: [StandIn],
    providers: [{ provide: Ledger, useValue: ledger }],
  })
  class StandInModule {}
  const app = await NestFactory.createMicroservice(StandInModule, {
    strategy: messaging.server,
    logger: false,
  });
  await app.listen();
  const { outbox } = messaging;
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await app.close();
    await messaging.close();
    await dataSource.destroy();
  };
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
    stop: () => (stopped ??= stop()),
  };
}
export type Issuance = Awaited<ReturnType<typeof startIssuance>>;

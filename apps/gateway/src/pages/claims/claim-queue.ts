import { Injectable } from '@nestjs/common';
import { addressesOfPerson, newId, personKey } from '@tearoff/contracts';
import { Outbox, type Transaction } from '@tearoff/messaging';
import { prepared } from '@tearoff/service-kit';
import { DataSource } from 'typeorm';
import { ClaimEntity } from './claim.entity';
import { resend } from './claim-settings';

export type NewClaim = Pick<
  ClaimEntity,
  | 'accountId'
  | 'campaignId'
  | 'kind'
  | 'channel'
  | 'address'
  | 'recipient'
  | 'offerId'
  | 'source'
  | 'consent'
  | 'passcodeId'
  | 'text'
>;

/** A claim in hand; `attempts` counts this one. */
export type TakenClaim = NewClaim & Pick<ClaimEntity, 'id' | 'attempts'>;

/** `message`: the id of what was sent, where it is the first message of it (`ClaimMessageEntity`). */
export type ClaimResult =
  | { status: 'served'; couponId: string | null; sent: boolean; message: string | null }
  | { status: 'refused'; reason: string };

/** Longer than any command's deadline: anyone who takes a claim over knows that nothing of it is still under way. */
const leaseSeconds = 45;
const batch = 100;

const take = {
  name: 'claim-take',
  text: `
    update claim set attempts = attempts + 1, available_at = now() + ${leaseSeconds} * interval '1 s'
     where id = any (array(
       select id from claim where status = 'waiting' and available_at <= now()
        order by available_at limit ${batch} for update skip locked))
    returning id, account_id as "accountId", campaign_id as "campaignId", kind, channel, address, recipient,
              offer_id as "offerId", source, consent, passcode_id as "passcodeId", text,
              attempts`,
};

/** Claims are kept before they are answered and served afterwards, by whichever gateway is free. */
@Injectable()
export class ClaimQueue {
  private wakeListener: () => void = () => undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
  ) {}

  /** The runner registers itself here. */
  onWake(listener: () => void): void {
    this.wakeListener = listener;
  }

  /** Keeps a claim, together with what `work` does in the same transaction. */
  async add(claim: NewClaim, work?: (tx: Transaction) => Promise<Partial<NewClaim>>): Promise<void> {
    await this.outbox.transaction(async (tx) => {
      const more = await work?.(tx);
      await tx.insert(ClaimEntity, { id: newId('claim'), ...claim, ...more });
    });
    this.wakeListener();
  }

  /** The oldest claims that no one has in hand. */
  take(): Promise<TakenClaim[]> {
    return prepared<TakenClaim>(this.dataSource, take, []);
  }

  /** Changes nothing when another gateway has taken it over: the lease was over, and what that one says counts. */
  async settle({ id, campaignId, attempts }: TakenClaim, settlement: ClaimResult): Promise<void> {
    const served = settlement.status === 'served' ? settlement : null;
    const reason = settlement.status === 'refused' ? settlement.reason : null;
    await this.dataSource.transaction(async (tx) => {
      const [, settled] = await tx.query<[unknown, number]>(
        `update claim set status = $2, coupon_id = $3, reason = $4,
                sent_at = coalesce(sent_at, case when $5 then now() end)
          where id = $1 and status = 'waiting' and attempts = $6`,
        [id, settlement.status, served?.couponId ?? null, reason, served?.sent ?? false, attempts],
      );
      if (settled > 0 && served?.message)
        await tx.query(`insert into claim_message (id, campaign_id) values ($1, $2) on conflict do nothing`, [
          served.message,
          campaignId,
        ]);
    });
  }

  async postpone({ id, attempts }: TakenClaim, seconds: number): Promise<void> {
    await this.dataSource.query(
      `update claim set available_at = now() + $2 * interval '1 s'
        where id = $1 and status = 'waiting' and attempts = $3`,
      [id, seconds, attempts],
    );
  }

  /**
   * Whether this claim may have the coupon sent once more; if so, that is remembered before it is done. Claims of
   * one address are let through one by one. A claim that was let through before still is.
   */
  async mayResend({ id, campaignId, address }: TakenClaim): Promise<boolean> {
    return this.dataSource.transaction(async (tx) => {
      await tx.query(`select pg_advisory_xact_lock(hashtextextended($1, 0))`, [
        `claim ${campaignId} ${personKey(address)}`,
      ]);
      const [, allowed] = await tx.query<[unknown, number]>(
        `update claim set sent_at = coalesce(sent_at, now())
          where id = $1 and (sent_at is not null or not exists (
            select from claim where campaign_id = $2 and address = any($3::text[]) and kind = 'coupon' and sent_at > now() - interval '1 day'
            having count(*) >= $4 or max(sent_at) > now() - $5 * interval '1 ms'))`,
        [id, campaignId, addressesOfPerson(address), resend.perDay, resend.everyMs],
      );
      return allowed > 0;
    });
  }
}

import { hash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DomainError, personKey, type Campaign } from '@tearoff/contracts';
import { prepared } from '@tearoff/service-kit';
import { DataSource } from 'typeorm';
import { blockOf } from './address-block';
import { CLAIM_SETTINGS, passcodeRules, type ClaimSettings } from './claim-settings';
import type { Claimant } from './claimant';

// Sorted: two claims that count the same names must not wait for each other crosswise.
const count = {
  name: 'claim-count',
  text: `
    insert into claim_counter as held (name, hour, count)
    select name, date_trunc('hour', now()), 1 from unnest($1::text[]) as name order by name
    on conflict (name, hour) do update set count = held.count + 1
    returning name, count, extract(epoch from hour + interval '1 hour' - now())::float8 as left`,
};

interface Counted {
  name: string;
  count: number;
  left: number;
}

/**
 * What stops someone who lets a machine claim: counted by the hour of the clock, in the database, so that more
 * gateways are not more claims. None of the counters is a person's: a refusal says nothing about them.
 */
@Injectable()
export class ClaimLimits {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(CLAIM_SETTINGS) private readonly settings: ClaimSettings,
  ) {}

  /** Every try counts, whatever becomes of it. Fails with `rate.limited`. */
  async countVisit(ip: string): Promise<void> {
    await this.count([[`block ${blockOf(ip)}`, this.settings.perBlock]]);
  }

  /** A claim about to be taken. Fails with `rate.limited`. */
  async countClaim({ id, accountId, claim }: Campaign, { channel, address }: Claimant): Promise<void> {
    const limits: [string, number][] = [];
    if (channel === 'sms')
      limits.push([`prefix ${accountId} ${personKey(address).slice(0, -5)}`, this.settings.perPrefix]);
    if (claim.perHour != null) limits.push([`campaign ${id}`, claim.perHour]);
    if (limits.length > 0) await this.count(limits);
  }

  /** Whether the address may be sent another passcode. */
  async maySendPasscode(campaignId: string, address: string): Promise<boolean> {
    const name = `passcode ${hash('sha256', `${campaignId} ${personKey(address)}`, 'base64url')}`;
    const [counted] = await prepared<Counted>(this.dataSource, count, [[name]]);
    return counted.count <= passcodeRules.perHour;
  }

  private async count(limits: readonly [name: string, limit: number][]): Promise<void> {
    const most = new Map(limits);
    const counted = await prepared<Counted>(this.dataSource, count, [[...most.keys()]]);
    const over = counted.find((each) => each.count > most.get(each.name)!);
    if (over)
      throw new DomainError('rate.limited', 'unavailable', 'Too many claims. Try again later.', {
        retryAfterSeconds: Math.ceil(over.left),
      });
  }
}

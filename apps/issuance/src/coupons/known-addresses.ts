import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { IssueRequest } from './issue-request';
import { addressFor, addressName } from './message-payload';
import { termsOf } from './terms';

// Each key's last coupon of the running period that has an address, of several keys the oldest of those: the
// coupon they would be given again. Failing that, the last one of an earlier period.
const statement = `
  select distinct on (asked.position) asked.position::int as position, found.address
  from unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
    as asked (position, account_id, campaign_id, period, name, key)
  cross join lateral (
    select slot.period = asked.period as running, coupon.id, coupon.recipient->>asked.name as address
    from slot join coupon on coupon.account_id = asked.account_id and coupon.id = slot.coupon_id
    where slot.key = asked.key and slot.campaign_id = asked.campaign_id
      and coupon.recipient->>asked.name is not null
    order by slot.period = asked.period desc, coupon.id desc limit 1
  ) as found
  order by asked.position, found.running desc, found.id`;

/** Addresses that people have told before, with a coupon of the same campaign. */
@Injectable()
export class KnownAddresses {
  constructor(private readonly dataSource: DataSource) {}

  /** The asks in their order; one that names no address for its channel gets the one their coupon knows, if any. */
  async complete(issueRequests: readonly IssueRequest[], now: Date): Promise<IssueRequest[]> {
    const rows = issueRequests.flatMap(({ position, campaign, channel, recipient, keys }) => {
      if (channel === 'none' || addressFor(recipient, channel)) return [];
      const { period } = termsOf(campaign, now);
      return keys.map((key) => ({ position, campaign, period, name: addressName(channel), key }));
    });
    if (rows.length === 0) return [...issueRequests];
    const found = (await this.dataSource.query(statement, [
      rows.map(({ position }) => position),
      rows.map(({ campaign }) => campaign.accountId),
      rows.map(({ campaign }) => campaign.id),
      rows.map(({ period }) => period),
      rows.map(({ name }) => name),
      rows.map(({ key }) => key),
    ])) as { position: number; address: string }[];
    const known = new Map(found.map(({ position, address }) => [position, address]));
    return issueRequests.map((ask) => {
      const address = known.get(ask.position);
      if (address === undefined || ask.channel === 'none') return ask;
      return { ...ask, recipient: { ...ask.recipient, [addressName(ask.channel)]: address } };
    });
  }
}

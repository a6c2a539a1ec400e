import { Injectable } from '@nestjs/common';
import {
  addressesOfPerson,
  notFound,
  type AddSuppression,
  type Channel,
  type ListSuppressions,
  type ReplyOf,
  type RequestOf,
  type Suppression,
} from '@tearoff/contracts';
import { decodeIdCursor, prepared, toPage } from '@tearoff/service-kit';
import { DataSource, EntityManager, In, LessThan } from 'typeorm';
import { channelOf, normaliseAddress } from '../addresses/address';
import { SuppressionEntity, suppressionsOf, suppressionView } from './suppression.entity';

export interface Address {
  accountId: string;
  channel: Channel;
  address: string;
}

/** The suppressed ones among the addresses that were asked about. */
export class SuppressedAddresses {
  private readonly keys: ReadonlySet<string>;

  constructor(found: readonly Address[]) {
    this.keys = new Set(found.map(({ accountId, channel, address }) => keyOf(accountId, channel, address)));
  }

  has(accountId: string, channel: Channel, address: string): boolean {
    return this.keys.has(keyOf(accountId, channel, address));
  }
}

const keyOf = (accountId: string, channel: Channel, address: string): string =>
  `${accountId} ${channel} ${address}`;

@Injectable()
export class SuppressionsService {
  constructor(private readonly dataSource: DataSource) {}

  async among(manager: EntityManager, addresses: readonly Address[]): Promise<SuppressedAddresses> {
    const found = await prepared<Address & Record<string, unknown>>(manager, amongStatement, [
      addresses.map(({ accountId }) => accountId),
      addresses.map(({ channel }) => channel),
      addresses.map(({ address }) => address),
    ]);
    return new SuppressedAddresses(found);
  }

  /** In the order asked. Addresses as issuance keeps them: E.164, folded e-mail. */
  async check(addresses: readonly Address[]): Promise<{ suppressed: boolean }[]> {
    const found = await this.among(this.dataSource.manager, addresses);
    return addresses.map(({ accountId, channel, address }) => ({
      suppressed: found.has(accountId, channel, address),
    }));
  }

  /** Again = the one that stands. */
  async add(request: RequestOf<typeof AddSuppression>): Promise<Suppression> {
    const { accountId, channel, reason = 'manual', note = null } = request;
    const address = normaliseAddress(channel, request.address);
    const repository = this.dataSource.getRepository(SuppressionEntity);
    await repository
      .createQueryBuilder()
      .insert()
      .values(suppressionsOf({ accountId, channel, address, reason, note }))
      .orIgnore()
      .execute();
    return suppressionView(await repository.findOneByOrFail({ accountId, channel, address }));
  }

  async remove(request: Address): Promise<void> {
    const { accountId, channel } = request;
    const address = normaliseAddress(channel, request.address);
    const { affected } = await this.dataSource
      .getRepository(SuppressionEntity)
      .delete({ accountId, channel, address: In(addressesOfPerson(address)) });
    if (!affected) throw notFound('suppression.not_found', `${address} is not suppressed.`);
  }

  /** Newest first. */
  async list(request: RequestOf<typeof ListSuppressions>): Promise<ReplyOf<typeof ListSuppressions>> {
    const { accountId, channel, address, cursor, limit = 50 } = request;
    const before = decodeIdCursor(cursor, 'suppression');
    const rows = await this.dataSource.getRepository(SuppressionEntity).find({
      where: {
        accountId,
        ...(channel && { channel }),
        ...(address && {
          address: In(addressesOfPerson(normaliseAddress(channel ?? channelOf(address), address))),
        }),
        ...(before && { id: LessThan(before) }),
      },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    return toPage(rows, limit, suppressionView);
  }
}

const amongStatement = {
  name: 'suppressions-among',
  text: `select s.account_id as "accountId", s.channel, s.address
       from unnest($1::text[], $2::text[], $3::text[]) as asked (account_id, channel, address)
       join suppression s using (account_id, channel, address)`,
};

import { Injectable } from '@nestjs/common';
import type { Consent, ListConsents, ReplyOf, RequestOf } from '@tearoff/contracts';
import { addressesOfPerson } from '@tearoff/contracts';
import { decodeIdCursor, toPage } from '@tearoff/service-kit';
import { DataSource, In, LessThan } from 'typeorm';
import { channelOf, normaliseAddress } from '../addresses/address';
import { SuppressionEntity, suppressionsOf } from '../suppressions/suppression.entity';
import { ConsentEntity, consentView } from './consent.entity';

@Injectable()
export class ConsentsService {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The same id again = no change. Withdrawn = they are written to no more. Granted lifts no suppression: anyone can
   * type their number into a form.
   */
  async record(consent: Consent): Promise<void> {
    const { accountId, channel } = consent;
    const address = normaliseAddress(channel, consent.address);
    await this.dataSource.transaction(async (tx) => {
      const { raw } = await tx
        .createQueryBuilder()
        .insert()
        .into(ConsentEntity)
        .values({ ...consent, address, at: new Date(consent.at) })
        .orIgnore()
        .returning('id')
        .execute();
      if ((raw as unknown[]).length === 0 || consent.kind !== 'withdrawn') return;
      await tx
        .createQueryBuilder()
        .insert()
        .into(SuppressionEntity)
        .values(suppressionsOf({ accountId, channel, address, reason: 'opt_out', note: null }))
        .orIgnore()
        .execute();
    });
  }

  /** Newest first. */
  async list(request: RequestOf<typeof ListConsents>): Promise<ReplyOf<typeof ListConsents>> {
    const { accountId, channel, address, cursor, limit = 50 } = request;
    const before = decodeIdCursor(cursor, 'consent');
    const rows = await this.dataSource.getRepository(ConsentEntity).find({
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
    return toPage(rows, limit, consentView);
  }
}

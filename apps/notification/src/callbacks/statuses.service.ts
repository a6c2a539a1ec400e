import { Injectable, Logger } from '@nestjs/common';
import { addressesOfPerson, type Channel, type DeliveryStatus } from '@tearoff/contracts';
import { Outbox, type Transaction } from '@tearoff/messaging';
import { prepared } from '@tearoff/service-kit';
import { publishSettled } from '../deliveries/settled-events';
import { OptOuts } from '../suppressions/opt-outs';
import { writersTo } from '../keywords/writers';
import type { StatusReport } from './status-report';

interface FoundRow {
  [column: string]: unknown;
  id: string;
  address: string;
}

interface ChangedRow {
  [column: string]: unknown;
  deliveryId: string;
  accountId: string;
  couponId: string | null;
  campaignId: string | null;
  channel: Channel;
  status: DeliveryStatus;
  error: string | null;
}

const changed = `
  returning id as "deliveryId", account_id as "accountId", coupon_id as "couponId", campaign_id as "campaignId",
            channel, status, error`;

const find = {
  name: 'status-find',
  text: `select id, address from delivery
         where channel = 'sms' and (id = $1 or (address = any($2) and provider_message_id = $3))
         order by id = $1 desc nulls last limit 1`,
};

/**
 * It arrived: that is so whatever was thought of it before, unknown, given up or about to be tried again. (A worker
 * that has yet to record its attempt finds the delivery settled and leaves it.)
 */
const deliver = {
  name: 'status-delivered',
  text: `update delivery
         set status = 'delivered', delivered_at = greatest($3::timestamptz, sent_at),
             sent_at = coalesce(sent_at, $3::timestamptz), error = null, sending_since = null,
             provider_message_id = coalesce(provider_message_id, $2::text)
         where id = $1 and status <> 'delivered'
         ${changed}`,
};

/** Not what has been delivered, nor what is to be tried again, nor another attempt than the one this tells of. */
const fail = {
  name: 'status-failed',
  text: `update delivery
         set status = 'failed', error = $3::text, sending_since = null,
             provider_message_id = coalesce(provider_message_id, $2::text)
         where id = $1 and coalesce(provider_message_id, $2::text) = $2::text
           and (status in ('sending', 'sent') or (status = 'failed' and error like 'outcome unknown%'))
         ${changed}`,
};

/** Records what providers tell of deliveries; late, twice and out of order as it may come. */
@Injectable()
export class StatusesService {
  private readonly log = new Logger(StatusesService.name);

  constructor(
    private readonly outbox: Outbox,
    private readonly optOuts: OptOuts,
  ) {}

  async record(report: StatusReport): Promise<void> {
    if (report.outcome === 'none' && !report.optedOut) return;
    await this.outbox.transaction(async (tx) => {
      const { deliveryId, address, messageId, outcome } = report;
      const [delivery] = await prepared<FoundRow>(tx, find, [
        deliveryId,
        address === null ? null : addressesOfPerson(address),
        messageId,
      ]);
      if (!delivery) this.log.warn(`a status of the unknown message ${messageId} was ignored`);
      else if (outcome !== 'none') await this.settle(tx, delivery.id, report);
      const number = delivery?.address ?? address;
      if (report.optedOut && number) await this.suppress(tx, number, report);
    });
  }

  private async settle(tx: Transaction, id: string, { outcome, messageId, error, at }: StatusReport) {
    const rows =
      outcome === 'delivered'
        ? await prepared<ChangedRow>(tx, deliver, [id, messageId, at])
        : await prepared<ChangedRow>(tx, fail, [id, messageId, error]);
    if (rows.length === 0) return;
    await tx.query(`delete from message where delivery_id = $1`, [id]);
    await publishSettled(this.outbox, tx, rows, () => null);
  }

  /** For every account that wrote to them: it is the installation's sender that they have blocked. */
  private async suppress(tx: Transaction, address: string, { at, error }: StatusReport): Promise<void> {
    const accountIds = await writersTo(tx, address);
    await this.optOuts.out(tx, { accountIds, channel: 'sms', address, how: 'provider', text: error, at });
  }
}

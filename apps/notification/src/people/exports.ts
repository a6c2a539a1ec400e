import { Injectable } from '@nestjs/common';
import type { PersonRef } from '@tearoff/contracts';
import { DataSource } from 'typeorm';
import { ConsentEntity, consentView } from '../consents/consent.entity';
import { DeliveryEntity, deliveryView } from '../deliveries/delivery.entity';
import { SandboxMessageEntity, sandboxMessageView } from '../sandbox/sandbox-message.entity';
import { SuppressionEntity, suppressionView } from '../suppressions/suppression.entity';

const most = 10_000;

@Injectable()
export class Exports {
  constructor(private readonly dataSource: DataSource) {}

  /** Of their address; under an external id alone nothing is kept here. */
  async of(
    accountId: string,
    { phone, email }: PersonRef,
  ): Promise<Record<string, Record<string, unknown>[]>> {
    const address = phone ?? email;
    if (address === undefined) return {};
    const { manager } = this.dataSource;
    const page = { order: { id: 'DESC' as const }, take: most };
    const where = { accountId, address };
    const [deliveries, consents, suppressions, messages] = await Promise.all([
      manager.find(DeliveryEntity, { where, ...page }),
      manager.find(ConsentEntity, { where, ...page }),
      manager.find(SuppressionEntity, { where, ...page }),
      manager.find(SandboxMessageEntity, { where: { accountId, recipient: address }, ...page }),
    ]);
    return {
      deliveries: deliveries.map(deliveryView).map(withoutAccount),
      consents: consents.map(consentView).map(withoutAccount),
      suppressions: suppressions.map(suppressionView).map(withoutAccount),
      sandboxMessages: messages.map((row) => ({ ...sandboxMessageView(row) })),
    };
  }
}

const withoutAccount = ({ accountId: _, ...row }: { accountId: string }): Record<string, unknown> => row;

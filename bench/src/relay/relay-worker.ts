import {
  messagingEntities,
  messagingMigrations,
  openMessaging,
  rabbitTransport,
  type Messaging,
} from '@tearoff/messaging';
import { openDatabase } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';

export interface RelayPlace {
  databaseUrl: string;
  brokerUrl: string;
  prefix: string;
}

/** A service that is nothing but its messaging. */
export async function openService(
  service: 'redemption' | 'issuance',
  { databaseUrl, brokerUrl, prefix }: RelayPlace,
): Promise<{ dataSource: DataSource; messaging: Messaging }> {
  const dataSource = await openDatabase({
    service,
    url: databaseUrl,
    entities: messagingEntities,
    migrations: messagingMigrations,
  });
  const transport = rabbitTransport({ url: brokerUrl, prefix });
  return { dataSource, messaging: await openMessaging({ service, transport, dataSource }) };
}

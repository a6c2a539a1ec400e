import {
  GetDelivery,
  ListSandboxMessages,
  type Campaign,
  type Delivery,
  type DeliveryStatus,
  type SandboxMessage,
} from '@tearoff/contracts';
import { inProcessTransport, rabbitTransport, type Transport } from '@tearoff/messaging';
import { openDatabase, type RunningService } from '@tearoff/service-kit';
import {
  brokerAvailable,
  createTestDatabase,
  eventually,
  testBroker,
  type TestBroker,
  type TestDatabase,
} from '@tearoff/testing';
import type { DataSource } from 'typeorm';
import { start } from '../src/start';
import { accountId, campaignWith } from './builders';
import { FakeIssuance } from './fake-issuance';

export type TransportName = 'in-process' | 'rabbitmq';
export const transports: TransportName[] = brokerAvailable ? ['in-process', 'rabbitmq'] : ['in-process'];

/** Fast where the defaults are patient. */
const quick = {
  LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
  PUBLIC_URL: 'https://go.example',
  DELIVERY_RETRY_MS: '20',
};

/** Notification (any number of instances), with an issuance to hear from, on a database of their own. */
export class World {
  readonly instances: RunningService[] = [];

  private constructor(
    private readonly database: TestDatabase,
    private readonly broker: TestBroker | null,
    private readonly transport: Transport,
    readonly issuance: FakeIssuance,
    /** Notification's own schema, to look into. */
    readonly dataSource: DataSource,
  ) {}

  static async create(name: TransportName): Promise<World> {
    const database = await createTestDatabase();
    const broker = name === 'rabbitmq' ? testBroker() : null;
    const transport = broker
      ? rabbitTransport({ url: broker.url, prefix: broker.prefix })
      : inProcessTransport();
    const issuance = await FakeIssuance.start(transport, database.url);
    const dataSource = await openDatabase({
      service: 'notification',
      url: database.url,
      entities: [],
      migrations: [],
      poolSize: 2,
    });
    return new World(database, broker, transport, issuance, dataSource);
  }

  async startInstance(env: NodeJS.ProcessEnv = {}): Promise<RunningService> {
    const instance = await start({
      env: { ...quick, ...env },
      transport: this.transport,
      databaseUrl: this.database.url,
    });
    this.instances.push(instance);
    return instance;
  }

  async stopInstances(): Promise<void> {
    await Promise.all(this.instances.splice(0).map((instance) => instance.stop()));
  }

  async destroy(): Promise<void> {
    await this.stopInstances();
    await this.issuance.stop();
    await this.dataSource.destroy();
    await this.broker?.cleanup();
    await this.database.drop();
  }

  /** A campaign that issuance knows. */
  campaign(changes: Partial<Campaign> = {}): Campaign {
    const campaign = campaignWith(changes);
    this.issuance.state.campaigns.set(campaign.id, campaign);
    return campaign;
  }

  async delivery(deliveryId: string): Promise<Delivery | null> {
    return this.issuance.messaging.commands.send(GetDelivery, { accountId, deliveryId });
  }

  /** The delivery, once it has reached one of these states. */
  reached(deliveryId: string, ...statuses: DeliveryStatus[]): Promise<Delivery> {
    return eventually(async () => {
      const delivery = await this.delivery(deliveryId);
      if (!delivery || !statuses.includes(delivery.status))
        throw new Error(
          `the delivery is ${delivery?.status} (${delivery?.error}), not ${statuses.join(' or ')}`,
        );
      return delivery;
    });
  }

  async sandboxMessages(to?: string): Promise<SandboxMessage[]> {
    const page = await this.issuance.messaging.commands.send(ListSandboxMessages, { to, limit: 500 });
    return page.data;
  }

  async messageOf(deliveryId: string): Promise<SandboxMessage> {
    const messages = await this.sandboxMessages();
    const message = messages.find((one) => one.deliveryId === deliveryId);
    if (!message) throw new Error('the sandbox holds no message of that delivery');
    return message;
  }
}

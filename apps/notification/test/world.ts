import {
  GetDelivery,
  ListSandboxMessages,
  type Campaign,
  type Delivery,
  type DeliveryStatus,
  type SandboxMessage,
} from '@tearoff/contracts';
import { openDatabase, type RunningService } from '@tearoff/service-kit';
import { eventually, openTestHost, type OpenTransport, type TestHost } from '@tearoff/testing';
import type { DataSource } from 'typeorm';
import { start } from '../src/start';
import { accountId, campaignWith } from './builders';
import { FakeIssuance } from './fake-issuance';

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
    private readonly host: TestHost,
    readonly issuance: FakeIssuance,
    /** Notification's own schema, to look into. */
    readonly dataSource: DataSource,
  ) {}

  static async create(means?: OpenTransport): Promise<World> {
    const host = await openTestHost(means);
    const issuance = await FakeIssuance.start(host.transport, host.databaseUrl);
    const dataSource = await openDatabase({
      service: 'notification',
      url: host.databaseUrl,
      entities: [],
      migrations: [],
      poolSize: 2,
    });
    return new World(host, issuance, dataSource);
  }

  async startInstance(env: NodeJS.ProcessEnv = {}): Promise<RunningService> {
    const { transport, databaseUrl } = this.host;
    const instance = await start({ env: { ...quick, ...env }, transport, databaseUrl });
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
    await this.host.cleanup();
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

  /** The delivery after its first attempt, which did not succeed. */
  failedOnce(deliveryId: string): Promise<Delivery> {
    return eventually(async () => {
      const delivery = await this.delivery(deliveryId);
      if (!delivery || delivery.status === 'sending' || delivery.attempts !== 1)
        throw new Error('the delivery has not been attempted yet');
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

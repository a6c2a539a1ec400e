import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { newId } from '@tearoff/contracts';
import { DataSource } from 'typeorm';
import { WebhookLanes } from './webhook-lanes';
import { WebhookSettings } from './webhook-sending';

const keptMs = 30 * 86_400_000;
const pruneEveryMs = 600_000;
const prunedAtOnce = 5_000;

/** Finds what is due and no one has, as after a killed worker, and removes attempts after 30 days, but for what is still to be sent. */
@Injectable()
export class WebhookSweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(WebhookSweeper.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private pruneAfter = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly lanes: WebhookLanes,
    @Inject(WebhookSettings) private readonly settings: WebhookSettings,
  ) {}

  onApplicationBootstrap(): void {
    this.look();
    this.timer = setInterval(() => this.look(), this.settings.sweepMs).unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private look(): void {
    this.running = this.running
      .then(() => this.sweep())
      .catch((error: unknown) => this.logger.warn(`webhooks could not be swept: ${String(error)}`));
  }

  private async sweep(): Promise<void> {
    const due = await this.dataSource.query<{ id: string }[]>(
      `select id from webhook
       where status = 'active' and exists (
         select from webhook_attempt
         where webhook_id = webhook.id and status = 'pending' and due_at <= now()
           and (lease_until is null or lease_until <= now()))`,
    );
    for (const { id } of due) this.lanes.wake(id);
    if (Date.now() >= this.pruneAfter) await this.prune();
  }

  private async prune(): Promise<void> {
    const [, removed] = await this.dataSource.query<[unknown, number]>(
      `delete from webhook_attempt where id in (
         select id from webhook_attempt where id < $1 and status <> 'pending'
         order by id limit $2 for update skip locked)`,
      [newId('webhookAttempt', Date.now() - keptMs), prunedAtOnce],
    );
    if (removed < prunedAtOnce) this.pruneAfter = Date.now() + pruneEveryMs;
  }
}

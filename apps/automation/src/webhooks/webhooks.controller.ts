import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  CreateWebhook,
  DeleteWebhook,
  GetWebhook,
  ListWebhookAttempts,
  ListWebhooks,
  ReplayWebhook,
  RotateWebhookSecret,
  UpdateWebhook,
  type ReplyOf,
  type RequestOf,
  type Webhook,
  type WebhookWithSecret,
} from '@tearoff/contracts';
import { WebhookAttempts } from './webhook-attempts.service';
import { WebhooksService } from './webhooks.service';

@Controller()
export class WebhooksController {
  constructor(
    private readonly webhooks: WebhooksService,
    private readonly attempts: WebhookAttempts,
  ) {}

  @MessagePattern(CreateWebhook.name)
  create(@Payload() { accountId, webhook }: RequestOf<typeof CreateWebhook>): Promise<WebhookWithSecret> {
    return this.webhooks.create(accountId, webhook);
  }

  @MessagePattern(UpdateWebhook.name)
  update(@Payload() { accountId, webhookId, patch }: RequestOf<typeof UpdateWebhook>): Promise<Webhook> {
    return this.webhooks.update(accountId, webhookId, patch);
  }

  @MessagePattern(DeleteWebhook.name)
  async remove(@Payload() { accountId, webhookId }: RequestOf<typeof DeleteWebhook>): Promise<object> {
    await this.webhooks.remove(accountId, webhookId);
    return {};
  }

  @MessagePattern(GetWebhook.name)
  get(@Payload() { accountId, webhookId }: RequestOf<typeof GetWebhook>): Promise<Webhook> {
    return this.webhooks.get(accountId, webhookId);
  }

  @MessagePattern(ListWebhooks.name)
  list(@Payload() request: RequestOf<typeof ListWebhooks>): Promise<ReplyOf<typeof ListWebhooks>> {
    return this.webhooks.list(request);
  }

  @MessagePattern(RotateWebhookSecret.name)
  rotateSecret(
    @Payload() { accountId, webhookId }: RequestOf<typeof RotateWebhookSecret>,
  ): Promise<WebhookWithSecret> {
    return this.webhooks.rotateSecret(accountId, webhookId);
  }

  @MessagePattern(ListWebhookAttempts.name)
  listAttempts(
    @Payload() request: RequestOf<typeof ListWebhookAttempts>,
  ): Promise<ReplyOf<typeof ListWebhookAttempts>> {
    return this.attempts.list(request);
  }

  @MessagePattern(ReplayWebhook.name)
  async replay(@Payload() request: RequestOf<typeof ReplayWebhook>): Promise<ReplyOf<typeof ReplayWebhook>> {
    return { replayed: await this.attempts.replay(request) };
  }
}

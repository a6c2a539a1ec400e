import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { CampaignChanged, type Campaign } from '@tearoff/contracts';
import type { EventContext } from '@tearoff/messaging';
import { oneWriter } from '../rebuild/generations';
import { CampaignsProjection } from './campaigns.projection';

@Controller()
export class CampaignsConsumer {
  constructor(private readonly campaigns: CampaignsProjection) {}

  @EventPattern<string>(CampaignChanged.type)
  async onChanged(@Payload() items: Campaign[], @Ctx() { tx }: EventContext): Promise<void> {
    await oneWriter(tx);
    await this.campaigns.store(tx, items);
  }
}

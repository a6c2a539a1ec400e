import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { CampaignChanged, type Campaign } from '@tearoff/contracts';
import type { EventContext } from '@tearoff/messaging';
import { CampaignsProjection } from './campaigns.projection';

@Controller()
export class CampaignsConsumer {
  constructor(private readonly campaigns: CampaignsProjection) {}

  @EventPattern<string>(CampaignChanged.type)
  onChanged(@Payload() items: Campaign[], @Ctx() { tx }: EventContext): Promise<void> {
    return this.campaigns.store(tx, items);
  }
}

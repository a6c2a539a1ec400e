import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { CampaignChanged, type Campaign } from '@tearoff/contracts';
import type { EventContext } from '@tearoff/messaging';
import { CampaignsService } from './campaigns.service';

@Controller()
export class CampaignsConsumer {
  constructor(private readonly campaigns: CampaignsService) {}

  @EventPattern<string>(CampaignChanged.type)
  async onChanged(@Payload() items: Campaign[], @Ctx() { tx }: EventContext): Promise<void> {
    await this.campaigns.keep(tx, items);
  }
}

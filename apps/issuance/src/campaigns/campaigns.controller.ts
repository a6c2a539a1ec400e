import { Controller, UsePipes } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  CreateCampaign,
  GetCampaign,
  ListCampaigns,
  UpdateCampaign,
  type CampaignView,
  type ReplyOf,
  type RequestOf,
} from '@tearoff/contracts';
import { StorablePipe } from '../storable';
import { CampaignsService } from './campaigns.service';

@Controller()
@UsePipes(StorablePipe)
export class CampaignsController {
  constructor(private readonly campaigns: CampaignsService) {}

  @MessagePattern(CreateCampaign.name)
  create(@Payload() { accountId, campaign }: RequestOf<typeof CreateCampaign>): Promise<CampaignView> {
    return this.campaigns.create(accountId, campaign);
  }

  @MessagePattern(GetCampaign.name)
  get(@Payload() { accountId, campaignId }: RequestOf<typeof GetCampaign>): Promise<CampaignView> {
    return this.campaigns.get(accountId, campaignId);
  }

  @MessagePattern(ListCampaigns.name)
  list(@Payload() request: RequestOf<typeof ListCampaigns>): Promise<ReplyOf<typeof ListCampaigns>> {
    return this.campaigns.list(request);
  }

  @MessagePattern(UpdateCampaign.name)
  update(
    @Payload() { accountId, campaignId, patch }: RequestOf<typeof UpdateCampaign>,
  ): Promise<CampaignView> {
    return this.campaigns.update(accountId, campaignId, patch);
  }
}

import { Controller, UsePipes } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  CreateCampaign,
  FindCampaign,
  GetCampaign,
  ListCampaigns,
  UpdateCampaign,
  type Campaign,
  type CampaignView,
  type DomainError,
  type ReplyOf,
  type RequestOf,
} from '@tearoff/contracts';
import { StorablePipe } from '@tearoff/service-kit';
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

  @MessagePattern(FindCampaign.name)
  find(@Payload() requests: RequestOf<typeof FindCampaign>[]): Promise<(Campaign | DomainError)[]> {
    return this.campaigns.find(requests.map(({ campaignId }) => campaignId));
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

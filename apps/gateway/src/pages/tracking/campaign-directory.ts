import { Injectable } from '@nestjs/common';
import { DomainError, FindCampaign, type Campaign } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { LRUCache } from 'lru-cache';

/** Campaigns by id, of any account, for those who come without credentials; what it knows is up to half a minute old. */
@Injectable()
export class CampaignDirectory {
  private readonly known = new LRUCache<string, Promise<Campaign | null>>({ max: 10_000, ttl: 30_000 });

  constructor(private readonly commands: CommandClient) {}

  /** Null when there is none; fails as `unavailable` when issuance does not answer. */
  find(campaignId: string): Promise<Campaign | null> {
    let campaign = this.known.get(campaignId);
    if (!campaign) {
      campaign = this.ask(campaignId);
      this.known.set(campaignId, campaign);
      campaign.catch(() => this.known.delete(campaignId));
    }
    return campaign;
  }

  private async ask(campaignId: string): Promise<Campaign | null> {
    try {
      return await this.commands.send(FindCampaign, { campaignId });
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'not_found') return null;
      throw error;
    }
  }
}

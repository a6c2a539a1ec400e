import { Injectable } from '@nestjs/common';
import { DomainError, GetCampaign, type FieldError, type MessageContext } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';

interface Asker {
  accountId: string;
  context?: MessageContext;
}

/** Below a card's own deadline, so that anyone who saves one is told that issuance was not to be had. */
const deadlineMs = 3_000;

/** Whether what rewards are coupons of is there, asked of issuance. */
@Injectable()
export class RewardCampaigns {
  constructor(private readonly commands: CommandClient) {}

  /** By the place of each reward. Fails as unavailable while issuance is. */
  async faults(rewards: readonly { campaignId: string }[], asker: Asker): Promise<FieldError[]> {
    const distinct = [...new Set(rewards.map(({ campaignId }) => campaignId))];
    const known = await Promise.all(distinct.map((campaignId) => this.isThere(campaignId, asker)));
    const missing = new Set(distinct.filter((_, index) => !known[index]));
    return rewards.flatMap(({ campaignId }, index) =>
      missing.has(campaignId)
        ? [{ path: `/rewards/${index}/campaignId`, message: 'is not a campaign of this account' }]
        : [],
    );
  }

  private async isThere(campaignId: string, { accountId, context }: Asker): Promise<boolean> {
    try {
      await this.commands.send(GetCampaign, { accountId, campaignId }, { context, deadlineMs });
      return true;
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'not_found') return false;
      throw error;
    }
  }
}

import { Injectable } from '@nestjs/common';
import {
  DomainError,
  GetCampaign,
  GetCard,
  GetTemplate,
  type CommandDefinition,
  type FieldError,
  type ReplyOf,
  type RequestOf,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { flowOf, type Definition, type Node } from './definition';
import type { RewardsByCard } from './loops';

const isWritten = (id: string): boolean => !id.includes('${');

/** The cards on which it awards points, as far as it says which. */
export const cardsOf = (definition: Definition): string[] =>
  [...flowOf(definition).nodes.values()].flatMap((node) =>
    node.kind === 'awardPoints' && isWritten(node.spec.cardId) ? [node.spec.cardId] : [],
  );

/** Whether what a definition names is there, asked of those who own it. */
@Injectable()
export class Owners {
  constructor(private readonly commands: CommandClient) {}

  /** Fails with `service.unavailable` where an owner cannot be asked: then nothing is known to be right. */
  async faults(accountId: string, definition: Definition): Promise<FieldError[]> {
    const nodes = [...flowOf(definition).nodes.values()];
    const found = await Promise.all(nodes.map((node) => this.faultsOfStep(accountId, node)));
    return found.flat();
  }

  /** What these cards give by themselves. Fails as `faults`. */
  async rewards(accountId: string, cardIds: readonly string[]): Promise<RewardsByCard> {
    const cards = await Promise.all(cardIds.map((cardId) => this.ask(GetCard, { accountId, cardId })));
    return new Map(
      cards.map((card, at) => [cardIds[at], card?.rewards.filter(({ automatic }) => automatic) ?? []]),
    );
  }

  private async faultsOfStep(accountId: string, { kind, spec, path }: Node): Promise<FieldError[]> {
    const at = (member: string, message: string): FieldError => ({
      path: `${path}/${kind}/${member}`,
      message,
    });
    const faults: FieldError[] = [];
    if (kind === 'issueCoupon') {
      if (isWritten(spec.campaignId)) {
        const campaign = await this.ask(GetCampaign, { accountId, campaignId: spec.campaignId });
        if (!campaign) faults.push(at('campaignId', 'is not a campaign of this account'));
        else if (campaign.type === 'game') faults.push(at('campaignId', 'is a game, whose coupons are won'));
        else if (campaign.type === 'choice' && !spec.offerId)
          faults.push(at('offerId', 'is required: it is a choice'));
      }
      const templateId = spec.message?.templateId;
      if (templateId && isWritten(templateId) && !(await this.ask(GetTemplate, { accountId, templateId })))
        faults.push(at('message/templateId', 'is not a template of this account'));
    }
    if (kind === 'sendMessage' && isWritten(spec.templateId)) {
      const template = await this.ask(GetTemplate, { accountId, templateId: spec.templateId });
      if (!template) faults.push(at('templateId', 'is not a template of this account'));
      else if (spec.channel && spec.channel !== template.channel)
        faults.push(at('channel', `is not the template's, which is ${template.channel}`));
    }
    if (
      kind === 'awardPoints' &&
      isWritten(spec.cardId) &&
      !(await this.ask(GetCard, { accountId, cardId: spec.cardId }))
    )
      faults.push(at('cardId', 'is not a loyalty card of this account'));
    return faults;
  }

  private async ask<C extends CommandDefinition>(
    command: C,
    request: RequestOf<C>,
  ): Promise<ReplyOf<C> | null> {
    try {
      return await this.commands.send(command, request);
    } catch (error) {
      // `invalid`: no id of ours looks like that.
      if (error instanceof DomainError && ['not_found', 'invalid'].includes(error.kind)) return null;
      throw error;
    }
  }
}

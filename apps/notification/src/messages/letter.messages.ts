import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { CampaignProjection } from '../campaigns/campaign.entity';
import { addressOf, type SendableLetter } from '../deliveries/new-delivery';
import type { ValueMap } from '../rendering/velocity/velocity.values';
import { Settings } from '../settings';
import { TemplatesService } from '../templates/templates.service';
import { UnsubscribeLinks } from '../unsubscribe/unsubscribe-links';
import { renderMessage, type RenderedMessage } from './message.renderer';
import { contentOf, variablesOf } from './message.variables';
import { TemplateMessages, type Occasion, type TemplateMessage } from './template.messages';

/** The messages of coupons: in the words of a template where the coupon names one, else its own or the campaign's. */
@Injectable()
export class LetterMessages {
  constructor(
    private readonly templates: TemplatesService,
    private readonly templateMessages: TemplateMessages,
    private readonly settings: Settings,
    private readonly links: UnsubscribeLinks,
  ) {}

  /** A message for each letter, in their order. */
  async of(
    tx: EntityManager,
    letters: readonly SendableLetter[],
    campaigns: ReadonlyMap<string, CampaignProjection>,
  ): Promise<RenderedMessage[]> {
    const written = new Map<SendableLetter, TemplateMessage>();
    // Nearly always there are none.
    const ids = [...new Set(letters.flatMap((letter) => templateIdOf(letter) ?? []))];
    const templates = ids.length === 0 ? [] : await this.templates.among(tx, ids);
    for (const [id, template] of templates) {
      const fitting = letters.filter(
        (letter) =>
          templateIdOf(letter) === id &&
          letter.accountId === template.accountId &&
          letter.channel === template.channel,
      );
      const messages = await this.templateMessages.of(
        template,
        fitting.map((letter) => this.occasion(letter, campaigns.get(letter.campaignId)!)),
      );
      messages.forEach((message, index) => written.set(fitting[index], message));
    }
    return letters.map((letter) =>
      this.messageOf(letter, campaigns.get(letter.campaignId)!, written.get(letter)),
    );
  }

  private messageOf(
    letter: SendableLetter,
    campaign: CampaignProjection,
    written?: TemplateMessage,
  ): RenderedMessage {
    if (written?.ok) return written.message;
    const render = (own: SendableLetter) =>
      renderMessage(own.channel, own, campaign, this.urlOf(letter), () => this.wayOutOf(letter));
    if (templateIdOf(letter) === null) return render(letter);
    // A template that is at fault must not cost her the coupon.
    const message = render({ ...letter, message: null });
    const reason = written ? written.reason : 'there is none of that id for this channel';
    const warning = `the template could not be rendered and the default was sent: ${reason}`;
    return { ...message, warning: warning.slice(0, 1_000) };
  }

  private occasion(letter: SendableLetter, campaign: CampaignProjection): Occasion {
    const url = this.urlOf(letter);
    const { barcode: _, ...variables } = variablesOf(letter, campaign, url, () => this.wayOutOf(letter));
    return {
      data: { ...(letter.message?.data as ValueMap | undefined), ...variables },
      languageCode: letter.recipient.languageCode,
      zone: campaign.timezone,
      coupon: {
        url,
        code: letter.code,
        symbology: campaign.barcode ?? 'qrcode',
        color: contentOf(letter, campaign).color,
      },
      ...(letter.channel === 'email' && { unsubscribeUrl: variables.unsubscribeUrl }),
    };
  }

  private urlOf({ token }: SendableLetter): string {
    return `${this.settings.publicUrl}/c/${token}`;
  }

  private wayOutOf(letter: SendableLetter): string {
    const { accountId, channel } = letter;
    return this.links.urlOf({ accountId, channel, address: addressOf(letter) ?? '' });
  }
}

const templateIdOf = ({ message }: SendableLetter): string | null => message?.templateId ?? null;

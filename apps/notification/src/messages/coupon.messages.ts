import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { CampaignProjection } from '../campaigns/campaign.entity';
import { addressOf, type SendablePayload } from '../deliveries/new-delivery';
import type { ValueMap } from '../rendering/velocity/velocity.values';
import { Settings } from '../settings';
import { TemplatesService } from '../templates/templates.service';
import { UnsubscribeLinks } from '../unsubscribe/unsubscribe-links';
import { renderMessage, type RenderedMessage } from './message.renderer';
import { contentOf, variablesOf } from './message.variables';
import { TemplateMessages, type RenderContext, type TemplateMessage } from './template.messages';

/** The messages of coupons: in the words of a template where the coupon names one, else its own or the campaign's. */
@Injectable()
export class CouponMessages {
  constructor(
    private readonly templates: TemplatesService,
    private readonly templateMessages: TemplateMessages,
    private readonly settings: Settings,
    private readonly links: UnsubscribeLinks,
  ) {}

  /** A message for each letter, in their order. */
  async of(
    tx: EntityManager,
    payloads: readonly SendablePayload[],
    campaigns: ReadonlyMap<string, CampaignProjection>,
  ): Promise<RenderedMessage[]> {
    const written = new Map<SendablePayload, TemplateMessage>();
    // Nearly always there are none.
    const ids = [...new Set(payloads.flatMap((payload) => templateIdOf(payload) ?? []))];
    const templates = ids.length === 0 ? [] : await this.templates.among(tx, ids);
    for (const [id, template] of templates) {
      const fitting = payloads.filter(
        (payload) =>
          templateIdOf(payload) === id &&
          payload.accountId === template.accountId &&
          payload.channel === template.channel,
      );
      const messages = await this.templateMessages.of(
        template,
        fitting.map((payload) => this.renderContext(payload, campaigns.get(payload.campaignId)!)),
      );
      messages.forEach((message, index) => written.set(fitting[index], message));
    }
    return payloads.map((payload) =>
      this.messageOf(payload, campaigns.get(payload.campaignId)!, written.get(payload)),
    );
  }

  private messageOf(
    payload: SendablePayload,
    campaign: CampaignProjection,
    written?: TemplateMessage,
  ): RenderedMessage {
    if (written?.ok) return written.message;
    const render = (own: SendablePayload) =>
      renderMessage(own.channel, own, campaign, this.urlOf(payload), () => this.unsubscribeLinkOf(payload));
    if (templateIdOf(payload) === null) return render(payload);
    // A template that is at fault must not cost them the coupon.
    const message = render({ ...payload, message: null });
    const reason = written ? written.reason : 'there is none of that id for this channel';
    const warning = `the template could not be rendered and the default was sent: ${reason}`;
    return { ...message, warning: warning.slice(0, 1_000) };
  }

  private renderContext(payload: SendablePayload, campaign: CampaignProjection): RenderContext {
    const url = this.urlOf(payload);
    const { barcode: _, ...variables } = variablesOf(payload, campaign, url, () =>
      this.unsubscribeLinkOf(payload),
    );
    return {
      data: { ...(payload.message?.data as ValueMap | undefined), ...variables },
      languageCode: payload.recipient.languageCode,
      zone: campaign.timezone,
      coupon: {
        url,
        code: payload.code,
        symbology: campaign.barcode ?? 'qrcode',
        color: contentOf(payload, campaign).color,
      },
      ...(payload.channel === 'email' && { unsubscribeUrl: variables.unsubscribeUrl }),
    };
  }

  private urlOf({ token }: SendablePayload): string {
    return `${this.settings.publicUrl}/c/${token}`;
  }

  private unsubscribeLinkOf(payload: SendablePayload): string {
    const { accountId, channel } = payload;
    return this.links.urlOf({ accountId, channel, address: addressOf(payload) ?? '' });
  }
}

const templateIdOf = ({ message }: SendablePayload): string | null => message?.templateId ?? null;

import { Injectable } from '@nestjs/common';
import { invalid, type PreviewTemplate, type ReplyOf, type RequestOf } from '@tearoff/contracts';
import { smsEncoding } from '../messages/sms-segments';
import { TemplateMessages } from '../messages/template.messages';
import { withPicture } from '../rendering/barcode';
import type { ValueMap } from '../rendering/velocity/velocity.values';
import { Settings } from '../settings';
import { TemplatesService } from './templates.service';

@Injectable()
export class PreviewsService {
  constructor(
    private readonly templates: TemplatesService,
    private readonly messages: TemplateMessages,
    private readonly settings: Settings,
  ) {}

  async preview({
    accountId,
    templateId,
    data = {},
    languageCode,
  }: RequestOf<typeof PreviewTemplate>): Promise<ReplyOf<typeof PreviewTemplate>> {
    const template = await this.templates.one(accountId, templateId);
    // Every mail is given one, so it is not missing; this one stops nothing.
    const example = template.channel === 'email' && {
      unsubscribeUrl: `${this.settings.publicUrl}/u/preview`,
    };
    const renderContext = { data: { ...(data as ValueMap), ...example }, languageCode };
    const [result] = await this.messages.of(template, [renderContext], { missing: true });
    if (!result.ok)
      throw invalid('template.render_failed', `The template cannot be rendered: ${result.reason}`);
    const { subject, text, html, barcode, segments } = result.message;
    return {
      subject,
      text,
      html: html !== null && barcode ? await withPicture(html, barcode) : html,
      encoding: template.channel === 'sms' ? smsEncoding(text) : null,
      segments,
      missing: result.missing,
    };
  }
}

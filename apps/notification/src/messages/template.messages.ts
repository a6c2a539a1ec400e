import { Injectable } from '@nestjs/common';
import type { Channel } from '@tearoff/contracts';
import { withBarcode } from '../rendering/barcode';
import type { Zone } from '../rendering/clock';
import type { Rendering, Texts } from '../rendering/render';
import { Renderer } from '../rendering/renderer';
import type { ValueMap } from '../rendering/velocity/velocity.values';
import type { TemplateEntity } from '../templates/template.entity';
import { textsIn } from '../templates/wording';
import { htmlFromText } from './html-from-text';
import { withLink, withUrl, type RenderedMessage } from './message.renderer';
import { smsSegments } from './sms-segments';
import { subjectOf } from './subject';
import { appendUnsubscribeLinkToHtml, appendUnsubscribeLink } from './unsubscribe-link';

/** One message that a template is to be rendered for. */
export interface RenderContext {
  data: ValueMap;
  languageCode?: string | undefined;
  /** Of the campaign that it belongs to. */
  zone?: Zone;
  /** Of a coupon, which the message must lead to. */
  coupon?: {
    url: string;
    code: string;
    symbology: NonNullable<RenderedMessage['barcode']>['symbology'];
    color?: string;
  };
  /** Of a mail that goes out. */
  unsubscribeUrl?: string;
}

/** `missing`: only when asked for. */
export type TemplateMessage =
  { ok: true; message: RenderedMessage; missing: string[] } | { ok: false; reason: string };

/** Messages in the words of stored templates. */
@Injectable()
export class TemplateMessages {
  constructor(private readonly renderer: Renderer) {}

  /** A message for each renderContext, in their order; each in its language. */
  async of(
    template: TemplateEntity,
    renderContexts: readonly RenderContext[],
    { missing = false } = {},
  ): Promise<TemplateMessage[]> {
    const results: TemplateMessage[] = [];
    await Promise.all(
      groupsOf(template, renderContexts).map(async ({ texts, zone, positions }) => {
        const items = positions.map((at) => dataOf(renderContexts[at]));
        const request = { engine: template.engine, texts, items, zone, missing };
        const renderings = await this.renderer.render(request);
        renderings.forEach((rendering, index) => {
          const at = positions[index];
          results[at] = rendering.ok
            ? {
                ok: true,
                message: messageOf(template.channel, rendering, renderContexts[at]),
                missing: rendering.missing,
              }
            : rendering;
        });
      }),
    );
    return results;
  }
}

const dataOf = ({ data, unsubscribeUrl }: RenderContext): ValueMap => ({
  ...data,
  ...(unsubscribeUrl !== undefined && { unsubscribeUrl }),
});

interface Group {
  texts: Texts;
  zone: Zone;
  positions: number[];
}

/** Those that are rendered alike. */
function groupsOf(template: TemplateEntity, renderContexts: readonly RenderContext[]): Group[] {
  const groups = new Map<string, Group>();
  renderContexts.forEach(({ languageCode = '', zone }, at) => {
    const key = `${languageCode} ${zone ?? ''}`;
    const group = groups.get(key);
    if (group) group.positions.push(at);
    else groups.set(key, { texts: textsIn(template, languageCode), zone, positions: [at] });
  });
  return [...groups.values()];
}

function messageOf(
  channel: Channel,
  rendering: Rendering & { ok: true },
  { data, coupon, unsubscribeUrl }: RenderContext,
): RenderedMessage {
  const complete = (text: string): boolean =>
    !coupon || text.includes(coupon.url) || text.includes(coupon.code);
  if (channel === 'sms') {
    const bare = rendering.text.trim();
    const text = complete(bare) ? bare : withUrl(bare, coupon!.url, ' ');
    return { subject: null, text, html: null, segments: smsSegments(text), warning: null, barcode: null };
  }
  const bare = rendering.text.trimEnd();
  const text = complete(bare) ? bare : withUrl(bare, coupon!.url, '\n\n');
  const { html: own } = rendering;
  const html =
    own === null
      ? htmlFromText(text, coupon && text.includes(coupon.url) ? coupon.url : null, coupon?.color)
      : complete(own) || rendering.barcode
        ? own
        : withLink(own, coupon!.url, coupon!.color);
  const shown =
    rendering.barcode && typeof data.code === 'string'
      ? withBarcode(html, { code: data.code, symbology: coupon?.symbology ?? 'qrcode' })
      : { html, barcode: null };
  return {
    subject: subjectOf(rendering.subject, text),
    text: unsubscribeUrl === undefined ? text : appendUnsubscribeLink(text, unsubscribeUrl),
    html: unsubscribeUrl === undefined ? shown.html : appendUnsubscribeLinkToHtml(shown.html, unsubscribeUrl),
    segments: null,
    warning: null,
    barcode: shown.barcode,
  };
}

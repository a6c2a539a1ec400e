import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { idPattern, notFound } from '@tearoff/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PUBLIC_URL } from '../pages.tokens';
import { CampaignDirectory } from './campaign-directory';
import { sourceOfQuery, sourceParameter } from './source-of-query';
import { VisitReporter } from './visit-reporter';
import { looksLikeAPerson } from './visitors';

/** One transparent pixel: 43 bytes. */
const pixel = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64');
const campaignId = new RegExp(idPattern('campaign'));

type Link = Record<string, unknown>;

/** What ads call: counts, sets no cookie, tells no one apart. */
@Controller('t')
export class TrackingController {
  constructor(
    private readonly visits: VisitReporter,
    private readonly campaigns: CampaignDirectory,
    @Inject(PUBLIC_URL) private readonly publicUrl: string,
  ) {}

  /** Whatever is asked: a broken picture in somebody's page helps no one. */
  @Get('v.gif')
  view(@Req() request: FastifyRequest, @Query() link: Link, @Res() reply: FastifyReply): void {
    const campaign = campaignOf(link);
    if (campaign !== null) {
      const hit = looksLikeAPerson(request) ? 'views' : 'botViews';
      this.visits.traffic.count(campaign, sourceOfQuery(link), hit);
    }
    void reply
      .headers({
        'content-type': 'image/gif',
        'cache-control': 'no-store',
        // It is put into pages of other sites.
        'cross-origin-resource-policy': 'cross-origin',
      })
      .send(pixel);
  }

  @Get('c')
  async click(
    @Req() request: FastifyRequest,
    @Query() link: Link,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const campaign = campaignOf(link);
    if (campaign === null) throw notFound('campaign.not_found', 'There is no such campaign.');
    const source = sourceOfQuery(link);
    this.visits.traffic.count(campaign, source, looksLikeAPerson(request) ? 'clicks' : 'botClicks');
    const s = sourceParameter(source);
    const page = `${this.publicUrl}/o/${campaign}${s === null ? '' : `?s=${encodeURIComponent(s)}`}`;
    const to = (await this.allowed(campaign, link.to)) ?? page;
    void reply.header('cache-control', 'no-store').redirect(to, 302);
  }

  /** Only where the campaign itself may be claimed: else any link of ours would lead to any site there is. */
  private async allowed(campaign: string, to: unknown): Promise<string | null> {
    if (typeof to !== 'string' || !URL.canParse(to)) return null;
    const url = new URL(to);
    if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return null;
    const found = await this.campaigns.find(campaign).catch(() => null);
    return found?.claim.origins?.includes(url.origin) ? url.href : null;
  }
}

const campaignOf = ({ c }: Link): string | null =>
  typeof c === 'string' && c.length <= 48 && campaignId.test(c) ? c : null;

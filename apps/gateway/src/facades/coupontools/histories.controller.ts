import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { GetCampaign, ListRedemptions, SearchCoupons, type MessageContext } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { Parameters } from './parameters';
import { standingFor } from './routes';
import { sessionStatus } from './session.view';
import { CoupontoolsSessions, type Session } from './sessions.service';
import { ok } from './views';

/** How many sessions a page of this façade has, and how many are read at a time. */
const pageSize = 500;

/** Whose history, and which part of it. */
interface HistoryQuery {
  accountId: string;
  campaignId: string;
  page: number;
  from: Date | undefined;
  to: Date | undefined;
  context: MessageContext;
}

type Stamped = { session: Session; at: string };

/** What became of a campaign's coupons, newest first. Pages are counted, so the ones before are read, too. */
@Controller('coupontools/v3/campaign')
export class CoupontoolsHistoriesController {
  constructor(
    private readonly commands: CommandClient,
    private readonly sessions: CoupontoolsSessions,
  ) {}

  @Post('data')
  @HttpCode(200)
  @RouteConfig(standingFor('GET /v1/coupons'))
  async data(@Req() request: FastifyRequest) {
    const query = await this.codeAvailabilityOf(request);
    return answer(query, this.issued(query), true);
  }

  @Post('opens')
  @HttpCode(200)
  @RouteConfig(standingFor('GET /v1/coupons'))
  async opens(@Req() request: FastifyRequest) {
    const query = await this.codeAvailabilityOf(request);
    return answer(query, this.opened(query), false);
  }

  @Post('claims')
  @HttpCode(200)
  @RouteConfig(standingFor('GET /v1/coupons', 'GET /v1/redemptions'))
  claims(@Req() request: FastifyRequest) {
    return this.validations(request);
  }

  @Post('validations')
  @HttpCode(200)
  @RouteConfig(standingFor('GET /v1/coupons', 'GET /v1/redemptions'))
  async validations(@Req() request: FastifyRequest) {
    const query = await this.codeAvailabilityOf(request);
    return answer(query, this.redeemed(query), true);
  }

  private async codeAvailabilityOf(request: FastifyRequest): Promise<HistoryQuery> {
    const { caller, messageContext: context } = request;
    const { accountId } = caller;
    const parameters = Parameters.of(request);
    const campaignId = parameters.campaign();
    const page = parameters.number('page', 1, [1, 100_000]);
    const from = parameters.instant('start_date', 'start');
    const to = parameters.instant('end_date', 'end');
    parameters.check();
    await this.commands.send(GetCampaign, { accountId, campaignId }, { context });
    return { accountId, campaignId, page, from, to, context };
  }

  private async *issued({ accountId, campaignId, context }: HistoryQuery): AsyncGenerator<Stamped> {
    for (let cursor: string | undefined; ;) {
      const request = { accountId, campaignId, limit: pageSize, ...(cursor && { cursor }) };
      const { data, nextCursor } = await this.commands.send(SearchCoupons, request, { context });
      const openings = await this.sessions.openings(accountId, data, context);
      for (const coupon of data) {
        const session = { coupon, openedAt: openings.get(coupon.id) ?? null };
        yield { session, at: coupon.issuedAt };
      }
      if (nextCursor === null) return;
      cursor = nextCursor;
    }
  }

  private async *opened(query: HistoryQuery): AsyncGenerator<Stamped> {
    for await (const { session } of this.issued(query))
      if (session.openedAt !== null) yield { session, at: session.openedAt };
  }

  /** What was undone is none. */
  private async *redeemed({ accountId, campaignId, context }: HistoryQuery): AsyncGenerator<Stamped> {
    for (let cursor: string | undefined; ;) {
      const request = { accountId, campaignId, limit: pageSize, ...(cursor && { cursor }) };
      const { data, nextCursor } = await this.commands.send(ListRedemptions, request, { context });
      const standing = data.filter(({ reversedAt }) => reversedAt === null);
      const coupons = await this.sessions.spentBy(standing, context);
      const openings = await this.sessions.openings(accountId, coupons, context);
      for (const [index, redemption] of standing.entries()) {
        const coupon = coupons[index];
        const session = { coupon, openedAt: openings.get(coupon.id) ?? null, redemption };
        yield { session, at: redemption.redeemedAt };
      }
      if (nextCursor === null) return;
      cursor = nextCursor;
    }
  }
}

/** `inOrder`: they come newest first, so that the first that is too old is the last that is looked at. */
async function answer(
  { campaignId, page, from, to }: HistoryQuery,
  history: AsyncGenerator<Stamped>,
  inOrder: boolean,
) {
  const first = (page - 1) * pageSize;
  const data: object[] = [];
  let seen = 0;
  for await (const { session, at } of history) {
    const instant = new Date(at);
    if (from && instant < from) {
      if (inOrder) break;
      continue;
    }
    if (to && instant > to) continue;
    if (seen++ < first) continue;
    data.push({ session: session.coupon.code, status: sessionStatus(session.coupon, session) });
    if (data.length === pageSize) break;
  }
  return ok({ campaign: campaignId, page, data });
}

import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { GetFunnel, GetLoyaltyReport, GetRebuild, GetTimeseries, RebuildReports } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { operatorOnly } from '../../access/accounts/accounts.controller';
import { AccountsService } from '../../access/accounts/accounts.service';
import { BodyPipe, QueryPipe } from '../../http/validation/dto.pipe';
import { Operation } from '../../http/openapi/operation.decorator';
import { funnelCsv, loyaltyCsv, timeseriesCsv } from './report-csv';
import { FunnelQuery, groupsOf, LoyaltyQuery, RebuildDto, TimeseriesQuery } from './reports.dto';

const scopes = ['marketing'] as const;
const tag = 'Reports';
const accountsAtOnce = 100;

@Controller('v1/reports')
export class ReportsController {
  constructor(
    private readonly commands: CommandClient,
    private readonly accounts: AccountsService,
  ) {}

  @Get('funnel')
  @Operation({
    tag,
    summary: 'From the ad to the money',
    description:
      'Views, clicks, coupons issued, sent, delivered, opened, redeemed, their revenue and what it cost. `groupBy`: ' +
      'any of `source`, `store`, `channel`, `day`, `campaign`, separated by commas. `from`, `to`: days of issue in the ' +
      "campaign's zone, both included. A line is of one currency. `Accept: text/csv` for a spreadsheet.",
    scopes,
    query: FunnelQuery,
    answers: { 200: { description: 'Lines, and their total.', schema: 'FunnelReport', csv: true } },
    problems: { 404: ['campaign.not_found'], 422: ['report.invalid_span', 'report.too_many_lines'] },
  })
  async funnel(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Query(new QueryPipe(FunnelQuery)) { groupBy: groups = '', ...query }: FunnelQuery,
  ) {
    const { caller, messageContext: context } = request;
    const groupBy = groupsOf(groups) ?? [];
    const command = { accountId: caller.accountId, groupBy, ...query };
    const report = await this.commands.send(GetFunnel, command, { context });
    return wantsCsv(request) ? csv(reply, 'funnel', funnelCsv(groupBy, report.data)) : report;
  }

  @Get('timeseries')
  @Operation({
    tag,
    summary: 'What happened when',
    description:
      "By day, week (from Monday) or month of the campaign's zone, with noughts where nothing happened. A reversal " +
      'takes its revenue back on the day it was made. Money is of `currency`, the most used one by default.',
    scopes,
    query: TimeseriesQuery,
    answers: { 200: { description: 'A line for each interval.', schema: 'Timeseries', csv: true } },
    problems: { 404: ['campaign.not_found'], 422: ['report.invalid_span', 'report.too_many_lines'] },
  })
  async timeseries(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Query(new QueryPipe(TimeseriesQuery)) { interval = 'day', ...query }: TimeseriesQuery,
  ) {
    const { caller, messageContext: context } = request;
    const command = { accountId: caller.accountId, interval, ...query };
    const report = await this.commands.send(GetTimeseries, command, { context });
    return wantsCsv(request) ? csv(reply, 'timeseries', timeseriesCsv(report)) : report;
  }

  @Get('loyalty')
  @Operation({
    tag,
    summary: 'What happened on a loyalty card',
    description:
      'Members enrolled, points awarded, spent and expired, rewards issued, and members whose tier changed, by day, ' +
      "week (from Monday) or month of the card's zone (`groupBy`), with noughts where nothing happened. Points that " +
      'an undone spend gives back count as awarded, those that an undone award takes back as spent. `from`, `to`: ' +
      'days, both included. `Accept: text/csv` for a spreadsheet.',
    scopes,
    query: LoyaltyQuery,
    answers: { 200: { description: 'A line for each interval.', schema: 'LoyaltyReport', csv: true } },
    problems: { 404: ['card.not_found'], 422: ['report.invalid_span', 'report.too_many_lines'] },
  })
  async loyalty(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Query(new QueryPipe(LoyaltyQuery)) { groupBy = 'day', ...query }: LoyaltyQuery,
  ) {
    const { caller, messageContext: context } = request;
    const command = { accountId: caller.accountId, groupBy, ...query };
    const report = await this.commands.send(GetLoyaltyReport, command, { context });
    return wantsCsv(request) ? csv(reply, 'loyalty', loyaltyCsv(report)) : report;
  }

  @Post('rebuild')
  @HttpCode(202)
  @Operation({
    tag,
    summary: 'Build the reports anew',
    description:
      'Reads everything again from the services that own it, in the background; the old figures are shown until the ' +
      "new ones are complete. `accounts: all` with an admin key of the operator's account does it for everyone.",
    scopes: ['admin'],
    body: {
      schema: 'RebuildRequest',
      optional: true,
      examples: { own: { summary: 'This account', value: { accounts: 'own' } } },
    },
    answers: { 202: { description: 'See `GET /v1/reports/rebuild`.', schema: 'Rebuild' } },
    problems: { 403: ['auth.operator_only'] },
  })
  async rebuild(
    @Req() request: FastifyRequest,
    @Body(new BodyPipe(RebuildDto)) { accounts = 'own' }: RebuildDto,
  ) {
    const { caller, messageContext: context } = request;
    if (accounts === 'all') {
      operatorOnly(caller);
      for (let after: string | undefined; ;) {
        const page = await this.accounts.list({ limit: accountsAtOnce, after });
        await Promise.all(
          page.map(({ id }) => this.commands.send(RebuildReports, { accountId: id }, { context })),
        );
        if (page.length < accountsAtOnce) break;
        after = page.at(-1)!.id;
      }
    }
    return this.commands.send(RebuildReports, { accountId: caller.accountId }, { context });
  }

  @Get('rebuild')
  @Operation({
    tag,
    summary: 'How far a rebuild is',
    scopes: ['admin'],
    answers: { 200: { description: "This account's newest rebuild.", schema: 'Rebuild' } },
  })
  rebuilt(@Req() { caller, messageContext: context }: FastifyRequest) {
    return this.commands.send(GetRebuild, { accountId: caller.accountId }, { context });
  }
}

const wantsCsv = ({ headers }: FastifyRequest): boolean => /\btext\/csv\b/i.test(headers.accept ?? '');

function csv(reply: FastifyReply, name: string, text: string): string {
  reply.headers({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${name}.csv"`,
  });
  return text;
}

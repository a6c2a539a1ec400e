import { Controller, Get, HttpCode, Param, Post, Query, Req, StreamableFile } from '@nestjs/common';
import { GenerateCodes, ListCodes } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { isStream } from '../../http/csv/csv-body';
import { csvPages, wantsCsv } from '../../http/csv/csv-pages';
import { BodyPipe, QueryPipe } from '../../http/validation/dto.pipe';
import { PagingQuery } from '../../http/validation/paging.dto';
import { PathId } from '../../http/validation/path-id.pipe';
import { charsetOf } from '../../http/body/text-encoding';
import { Operation } from '../../http/openapi/operation.decorator';
import { CodeImport } from './code-import';
import { CodeImportQuery, GenerateCodesDto } from './codes.dto';

const scopes = ['marketing'] as const;
const tag = 'Codes';
const exportPage = 5_000;
const generateBody = new BodyPipe(GenerateCodesDto);

@Controller('v1/campaigns/:id/codes')
export class CodesController {
  constructor(
    private readonly commands: CommandClient,
    private readonly imports: CodeImport,
  ) {}

  @Post()
  @HttpCode(202)
  @Operation({
    tag,
    summary: 'Generate or import a stack of codes',
    description:
      '`{count}` generates codes. `text/csv` imports them, at most 256 MB: the column whose header is a word for code ' +
      '(`Coupon`, `Voucher code`, `Gutschein`, `Промокод` …), the only column, or the one that `?column=` names. A ' +
      'column such as `Expires` or `gültig bis` is each code’s own end: a date is the end of that day in the ' +
      'campaign’s zone. The encoding is what `charset=` of the Content-Type says, else it is found out. What may be a header or a code, or which column has the codes, is asked back as 422 with the ' +
      '`columns` found. Comma, semicolon and tab separate, or what a first line `sep=` says. Codes that the ' +
      'campaign’s `barcode` cannot carry, that have expired, or that a spreadsheet has rounded are refused line by ' +
      'line; nothing of a file is used before all of it has arrived. Codes that are easy to guess (fewer than 40 bits, or ' +
      'running numbers) are taken, and the job says so in `warnings`.',
    scopes,
    body: {
      schema: 'CodesRequest',
      examples: { hundred: { summary: 'A hundred codes', value: { count: 100 } } },
      csv: 'code\r\nSUMMER-0001\r\nSUMMER-0002\r\n',
    },
    query: CodeImportQuery,
    answers: { 202: { description: 'See `GET /v1/jobs/{id}`.', schema: 'JobRef' } },
    problems: {
      404: ['campaign.not_found'],
      409: ['codes.not_generated', 'codes.not_imported'],
      422: [
        'codes.format_too_small',
        'codes.header_unclear',
        'codes.column_unclear',
        'codes.column_unknown',
        'csv.charset_unknown',
      ],
    },
  })
  async add(
    @Req() request: FastifyRequest,
    @Param('id', new PathId('campaign')) campaignId: string,
    @Query(new QueryPipe(CodeImportQuery)) choice: CodeImportQuery,
  ) {
    const { body, caller, messageContext: context } = request;
    const { accountId } = caller;
    if (isStream(body)) {
      const charset = charsetOf(request.headers['content-type']);
      const file = { ...choice, charset };
      return { jobId: (await this.imports.run(accountId, campaignId, body, file, context)).id };
    }
    const { count } = await generateBody.transform(body);
    return {
      jobId: (await this.commands.send(GenerateCodes, { accountId, campaignId, count }, { context })).id,
    };
  }

  @Get()
  @Operation({
    tag,
    summary: 'Read the stack',
    description: 'In the order in which codes are given out. `Accept: text/csv` streams all of it.',
    scopes,
    query: PagingQuery,
    answers: {
      200: {
        description: 'A page of codes, or all of them as CSV.',
        schema: 'StackCode',
        page: true,
        csv: true,
      },
    },
    problems: { 404: ['campaign.not_found'] },
  })
  async list(
    @Req() request: FastifyRequest,
    @Param('id', new PathId('campaign')) campaignId: string,
    @Query(new QueryPipe(PagingQuery)) query: PagingQuery,
  ) {
    const { caller, messageContext: context } = request;
    const ask = (page: PagingQuery) =>
      this.commands.send(ListCodes, { accountId: caller.accountId, campaignId, ...page }, { context });
    if (!wantsCsv(request.headers.accept)) return ask(query);
    const stack = await csvPages(
      ['code', 'couponId', 'validTo'],
      (cursor) => ask({ limit: exportPage, cursor }),
      ({ code, couponId, validTo }) => [code, couponId, validTo ?? null],
    );
    return new StreamableFile(stack, {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="${campaignId}-codes.csv"`,
    });
  }
}

import { Controller, Get, HttpCode, Param, Post, Query, Req, StreamableFile } from '@nestjs/common';
import { GenerateCodes, ListCodes } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { isStream } from '../http/csv-body';
import { csvPages, wantsCsv } from '../http/csv-pages';
import { BodyPipe, QueryPipe } from '../http/dto.pipe';
import { PagingQuery } from '../http/paging.dto';
import { PathId } from '../http/path-id.pipe';
import { Operation } from '../openapi/operation.decorator';
import { CodeImport } from './code-import';
import { GenerateCodesDto } from './codes.dto';

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
      '`{count}` generates codes. `text/csv` imports them, at most 256 MB: the column headed `code`, or the first ' +
      'one; nothing of a file is used before all of it has arrived. Codes that are easy to guess (fewer than 40 ' +
      'bits, or running numbers) are taken, and the job says so in `warnings`.',
    scopes,
    body: {
      schema: 'CodesRequest',
      examples: { hundred: { summary: 'A hundred codes', value: { count: 100 } } },
      csv: 'code\r\nSUMMER-0001\r\nSUMMER-0002\r\n',
    },
    answers: { 202: { description: 'See `GET /v1/jobs/{id}`.', schema: 'JobRef' } },
    problems: {
      404: ['campaign.not_found'],
      409: ['codes.not_generated', 'codes.not_imported'],
      422: ['codes.format_too_small'],
    },
  })
  async add(@Req() request: FastifyRequest, @Param('id', new PathId('campaign')) campaignId: string) {
    const { body, caller, messageContext: context } = request;
    const { accountId } = caller;
    if (isStream(body)) return { jobId: (await this.imports.run(accountId, campaignId, body, context)).id };
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
      ['code', 'couponId'],
      (cursor) => ask({ limit: exportPage, cursor }),
      ({ code, couponId }) => [code, couponId],
    );
    return new StreamableFile(stack, {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="${campaignId}-codes.csv"`,
    });
  }
}

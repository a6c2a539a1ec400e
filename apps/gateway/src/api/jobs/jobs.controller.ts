import { Controller, Get, HttpCode, Param, Post, Query, Req, StreamableFile } from '@nestjs/common';
import { ControlJob, GetJob, ListJobErrors, type RequestOf } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { csvPages, wantsCsv } from '../../http/csv/csv-pages';
import { QueryPipe } from '../../http/validation/dto.pipe';
import { PagingQuery } from '../../http/validation/paging.dto';
import { PathId } from '../../http/validation/path-id.pipe';
import { sendForCaller } from '../../http/send-for-caller';
import { withoutAccount } from '../../http/views';
import { Operation } from '../../http/openapi/operation.decorator';

const scopes = ['marketing'] as const;
const tag = 'Jobs';
const exportPage = 5_000;
const controlled = {
  answers: { 200: { description: 'The job as it stands.', schema: 'Job' } },
  problems: { 404: ['job.not_found'], 409: ['job.not_controllable', 'job.finished'] },
} as const;

@Controller('v1/jobs')
export class JobsController {
  constructor(private readonly commands: CommandClient) {}

  @Get(':id')
  @Operation({
    tag,
    summary: 'How far a job has come',
    scopes,
    answers: { 200: { description: 'The job; `errors` holds the first hundred faults.', schema: 'Job' } },
    problems: { 404: ['job.not_found'] },
  })
  async get(@Req() request: FastifyRequest, @Param('id', new PathId('job')) jobId: string) {
    return withoutAccount(await sendForCaller(this.commands, request, GetJob, { jobId }));
  }

  @Get(':id/errors')
  @Operation({
    tag,
    summary: 'Every row that a list could not serve or an import not take',
    description: 'By line. `Accept: text/csv` streams all of them.',
    scopes,
    query: PagingQuery,
    answers: {
      200: {
        description: 'A page of rows, or all of them as CSV.',
        schema: 'JobError',
        page: true,
        csv: true,
      },
    },
    problems: { 404: ['job.not_found'] },
  })
  async errors(
    @Req() request: FastifyRequest,
    @Param('id', new PathId('job')) jobId: string,
    @Query(new QueryPipe(PagingQuery)) query: PagingQuery,
  ) {
    const ask = (page: PagingQuery) =>
      sendForCaller(this.commands, request, ListJobErrors, { jobId, ...page });
    if (!wantsCsv(request.headers.accept)) return ask(query);
    const all = await csvPages(
      ['line', 'recipient', 'code', 'message'],
      (cursor) => ask({ limit: exportPage, cursor }),
      ({ line, recipient, code, message }) => [String(line), recipient, code, message],
    );
    return new StreamableFile(all, {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="${jobId}-errors.csv"`,
    });
  }

  @Post(':id/pause')
  @HttpCode(200)
  @Operation({
    tag,
    summary: 'Pause a list',
    description: 'What is served stays served; the batch in hand is finished first.',
    scopes,
    ...controlled,
  })
  pause(@Req() request: FastifyRequest, @Param('id', new PathId('job')) jobId: string) {
    return this.control(request, jobId, 'pause');
  }

  @Post(':id/resume')
  @HttpCode(200)
  @Operation({ tag, summary: 'Let a paused list go on', scopes, ...controlled })
  resume(@Req() request: FastifyRequest, @Param('id', new PathId('job')) jobId: string) {
    return this.control(request, jobId, 'resume');
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Operation({
    tag,
    summary: 'End a list',
    description: 'Those who have been served keep their coupons and get their messages; the others get none.',
    scopes,
    ...controlled,
  })
  cancel(@Req() request: FastifyRequest, @Param('id', new PathId('job')) jobId: string) {
    return this.control(request, jobId, 'cancel');
  }

  private async control(
    request: FastifyRequest,
    jobId: string,
    action: RequestOf<typeof ControlJob>['action'],
  ) {
    return withoutAccount(await sendForCaller(this.commands, request, ControlJob, { jobId, action }));
  }
}

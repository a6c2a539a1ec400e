import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { GetRun, ListRuns, RetryRun, runStatuses, type Run } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { IsIn } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { Optional } from '../../http/validation/dto.decorators';
import { QueryPipe } from '../../http/validation/dto.pipe';
import { PagingQuery } from '../../http/validation/paging.dto';
import { PathId } from '../../http/validation/path-id.pipe';
import { sendForCaller } from '../../http/send-for-caller';
import { pageOf, withoutAccount } from '../../http/views';
import { Operation } from '../../http/openapi/operation.decorator';

const scopes = ['marketing'] as const;
const tag = 'Workflows';

class RunsQuery extends PagingQuery {
  @Optional() @IsIn(runStatuses) status?: Run['status'];
}

@Controller('v1/workflows/:id/runs')
export class RunsController {
  constructor(private readonly commands: CommandClient) {}

  @Get()
  @Operation({
    tag,
    summary: 'List the runs of a workflow, newest first',
    description:
      'Also of a deleted one, while any are kept: 400 days, unless the installation says otherwise.',
    scopes,
    query: RunsQuery,
    answers: { 200: { description: 'A page of runs.', schema: 'Run', page: true } },
    problems: { 404: ['workflow.not_found'] },
  })
  async list(
    @Req() request: FastifyRequest,
    @Param('id', new PathId('workflow')) workflowId: string,
    @Query(new QueryPipe(RunsQuery)) query: RunsQuery,
  ) {
    const page = await sendForCaller(this.commands, request, ListRuns, { workflowId, ...query });
    return pageOf(page, withoutAccount);
  }

  @Get(':runId')
  @Operation({
    tag,
    summary: 'Read a run, step by step',
    scopes,
    answers: { 200: { description: 'The run and its steps.', schema: 'RunWithSteps' } },
    problems: { 404: ['run.not_found'] },
  })
  async get(
    @Req() request: FastifyRequest,
    @Param('id', new PathId('workflow')) workflowId: string,
    @Param('runId', new PathId('run')) runId: string,
  ) {
    return withoutAccount(await sendForCaller(this.commands, request, GetRun, { workflowId, runId }));
  }

  @Post(':runId/retry')
  @HttpCode(200)
  @Operation({
    tag,
    summary: 'Have a failed run go on from the step that failed',
    scopes,
    answers: { 200: { description: 'The run, under way again.', schema: 'RunWithSteps' } },
    problems: { 404: ['run.not_found', 'workflow.not_found'], 409: ['run.not_failed'] },
  })
  async retry(
    @Req() request: FastifyRequest,
    @Param('id', new PathId('workflow')) workflowId: string,
    @Param('runId', new PathId('run')) runId: string,
  ) {
    return withoutAccount(await sendForCaller(this.commands, request, RetryRun, { workflowId, runId }));
  }
}

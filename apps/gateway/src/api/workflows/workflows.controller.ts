import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req } from '@nestjs/common';
import type { Static } from '@sinclair/typebox';
import {
  CreateWorkflow,
  DeleteWorkflow,
  GetWorkflow,
  ListWorkflows,
  UpdateWorkflow,
  workflowStatuses,
  type Workflow,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import { IsIn } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { Optional } from '../../http/validation/dto.decorators';
import { QueryPipe } from '../../http/validation/dto.pipe';
import { PagingQuery } from '../../http/validation/paging.dto';
import { PathId } from '../../http/validation/path-id.pipe';
import { SchemaPipe } from '../../http/validation/schema.pipe';
import { sendForCaller } from '../../http/send-for-caller';
import { pageOf, withoutAccount } from '../../http/views';
import { Operation } from '../../http/openapi/operation.decorator';
import { workflowExamples, workflowPatchExamples } from './workflow.examples';
import { WorkflowBody, WorkflowPatchBody } from './workflow.schema';

const scopes = ['marketing'] as const;
const tag = 'Workflows';

class WorkflowsQuery extends PagingQuery {
  @Optional() @IsIn(workflowStatuses) status?: Workflow['status'];
}

@Controller('v1/workflows')
export class WorkflowsController {
  constructor(private readonly commands: CommandClient) {}

  @Post()
  @Operation({
    tag,
    summary: 'Make a workflow',
    description:
      'An event of that type starts a run: `once` for each `key` (the default), `every` time, or `{"oncePer": "day"}`. ' +
      'Each step is one of `condition`, `delay`, `issueCoupon`, `sendMessage`, `awardPoints`, `webhook`, `waitFor`, ' +
      '`stop`, with a `name` where later ones refer to it: `${params.x}`, `${contact.x}`, `${steps.NAME.x}`. Conditions ' +
      'are JsonLogic. A step that is refused ends its run as failed, unless it says `onError: continue`.',
    scopes,
    body: { schema: 'WorkflowInput', examples: workflowExamples },
    answers: { 201: { description: 'The workflow.', schema: 'Workflow' } },
    problems: { 422: ['workflow.invalid'] },
  })
  async create(
    @Req() request: FastifyRequest,
    @Body(new SchemaPipe(WorkflowBody)) workflow: Static<typeof WorkflowBody>,
  ) {
    return withoutAccount(await sendForCaller(this.commands, request, CreateWorkflow, { workflow }));
  }

  @Get()
  @Operation({
    tag,
    summary: 'List workflows, newest first',
    scopes,
    query: WorkflowsQuery,
    answers: { 200: { description: 'A page of workflows.', schema: 'Workflow', page: true } },
  })
  async list(@Req() request: FastifyRequest, @Query(new QueryPipe(WorkflowsQuery)) query: WorkflowsQuery) {
    const page = await sendForCaller(this.commands, request, ListWorkflows, query);
    return pageOf(page, withoutAccount);
  }

  @Get(':id')
  @Operation({
    tag,
    summary: 'Read a workflow',
    scopes,
    answers: { 200: { description: 'The workflow.', schema: 'Workflow' } },
    problems: { 404: ['workflow.not_found'] },
  })
  async get(@Req() request: FastifyRequest, @Param('id', new PathId('workflow')) workflowId: string) {
    return withoutAccount(await sendForCaller(this.commands, request, GetWorkflow, { workflowId }));
  }

  @Patch(':id')
  @Operation({
    tag,
    summary: 'Change a workflow',
    description:
      'What is named replaces. Runs under way finish on the version they began with; while it is paused nothing ' +
      'starts, and they go on.',
    scopes,
    body: { schema: 'WorkflowPatch', examples: workflowPatchExamples },
    answers: { 200: { description: 'The workflow as it is now.', schema: 'Workflow' } },
    problems: { 404: ['workflow.not_found'], 422: ['workflow.invalid'] },
  })
  async update(
    @Req() request: FastifyRequest,
    @Param('id', new PathId('workflow')) workflowId: string,
    @Body(new SchemaPipe(WorkflowPatchBody)) patch: Static<typeof WorkflowPatchBody>,
  ) {
    return withoutAccount(await sendForCaller(this.commands, request, UpdateWorkflow, { workflowId, patch }));
  }

  @Delete(':id')
  @HttpCode(204)
  @Operation({
    tag,
    summary: 'Delete a workflow',
    description:
      'It starts nothing more, and its runs under way end as `cancelled`, each after the step that it may be asking for ' +
      'at that moment. What they have issued and handed over to be sent stays. Its runs can be read while they are kept.',
    scopes,
    answers: { 204: { description: 'It is gone.' } },
    problems: { 404: ['workflow.not_found'] },
  })
  async remove(@Req() request: FastifyRequest, @Param('id', new PathId('workflow')) workflowId: string) {
    const { caller, messageContext: context } = request;
    await this.commands.send(DeleteWorkflow, { accountId: caller.accountId, workflowId }, { context });
  }
}

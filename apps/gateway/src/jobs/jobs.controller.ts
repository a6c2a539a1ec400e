import { Controller, Get, Param, Req } from '@nestjs/common';
import { GetJob } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { PathId } from '../http/path-id.pipe';
import { withoutAccount } from '../http/views';
import { Operation } from '../openapi/operation.decorator';

@Controller('v1/jobs')
export class JobsController {
  constructor(private readonly commands: CommandClient) {}

  @Get(':id')
  @Operation({
    tag: 'Codes',
    summary: 'How far a job has come',
    scopes: ['marketing'],
    answers: { 200: { description: 'The job; `errors` holds the first hundred faults.', schema: 'Job' } },
    problems: { 404: ['job.not_found'] },
  })
  async get(@Req() request: FastifyRequest, @Param('id', new PathId('job')) jobId: string) {
    const { caller, messageContext: context } = request;
    return withoutAccount(
      await this.commands.send(GetJob, { accountId: caller.accountId, jobId }, { context }),
    );
  }
}

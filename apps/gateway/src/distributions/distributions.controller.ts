import { Controller, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { DomainError, faultsOf, type FieldError } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { Static } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import { checkOwnMessage } from '../coupons/own-message';
import { isStream } from '../http/csv-body';
import { QueryPipe } from '../http/dto.pipe';
import { isStorable, unstorableBody } from '../http/json-body';
import { PathId } from '../http/path-id.pipe';
import { MessageCheck } from '../messages/message-check';
import { Operation } from '../openapi/operation.decorator';
import { csvChunks } from './csv-list';
import { DistributionQuery } from './distribution.dto';
import { distributionExamples } from './distribution.examples';
import { DistributionBody } from './distribution.schema';
import { jsonChunks } from './list-rows';
import { ListUpload } from './list-upload';

@Controller('v1/campaigns/:id/distributions')
export class DistributionsController {
  constructor(
    private readonly lists: ListUpload,
    private readonly messages: MessageCheck,
    private readonly commands: CommandClient,
  ) {}

  @Post()
  @HttpCode(202)
  @Operation({
    tag: 'Lists',
    summary: 'Issue coupons to a list, and send them',
    description:
      'JSON of at most 64 MB, or `text/csv` of at most 256 MB with a header row and `?channel=`: the columns `phone`, ' +
      '`email`, `externalId`, `firstName`, `lastName`, `country`, `languageCode`, `code`, `offerId` and `source.*` by ' +
      'name, others become metadata; comma, semicolon and tab separate. Nobody is served before all of it has ' +
      'arrived. Good rows go out, bad ones are told by `GET /v1/jobs/{id}/errors`. A list gives a person one coupon ' +
      'and one message, however often it names her; so do several lists where `perRecipient` allows her one. A row with a `code` gets that one: a free one of the stack, ' +
      'or where codes are generated a new one.',
    scopes: ['marketing'],
    query: DistributionQuery,
    body: {
      schema: 'DistributionRequest',
      examples: distributionExamples,
      csv: 'phone,country,firstName,source.site\r\n07400 123456,GB,Ann,spring-fair\r\n',
      maxBytes: 64 * 1024 * 1024,
      judgesTexts: true,
    },
    answers: { 202: { description: 'See `GET /v1/jobs/{id}`.', schema: 'JobRef' } },
    problems: {
      404: ['campaign.not_found'],
      409: ['campaign.not_active', 'campaign.ended', 'campaign.is_game'],
      422: ['message.invalid', 'template.not_found', 'template.wrong_channel'],
    },
  })
  async distribute(
    @Req() request: FastifyRequest,
    @Param('id', new PathId('campaign')) campaignId: string,
    @Query(new QueryPipe(DistributionQuery)) { channel }: DistributionQuery,
  ) {
    const { body, caller, messageContext: context } = request;
    const { accountId } = caller;
    if (isStream(body)) {
      if (!channel) throw invalid([{ path: '/channel', message: 'is required' }], 'The query is not valid.');
      const job = await this.lists.run({ accountId, campaignId, channel }, csvChunks(body), context);
      return { jobId: job.id };
    }
    const faults = faultsOf(DistributionBody, body ?? {});
    if (faults) throw invalid(faults, 'The body is not valid.');
    const { recipients, ...list } = body as Static<typeof DistributionBody>;
    if (!isStorable(list)) throw unstorableBody();
    const { message } = list;
    await checkOwnMessage(
      message,
      { accountId, channel: list.channel, context },
      this.messages,
      this.commands,
    );
    const job = await this.lists.run({ accountId, campaignId, ...list }, jsonChunks(recipients), context);
    return { jobId: job.id };
  }
}

const invalid = (errors: FieldError[], message: string): DomainError =>
  new DomainError('request.invalid', 'invalid', message, { errors });

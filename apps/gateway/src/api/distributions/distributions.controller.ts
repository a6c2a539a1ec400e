import { Controller, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { DomainError, faultsOf, GetCampaign, type FieldError } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { Static } from '@sinclair/typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { checkOwnMessage } from '../coupons/own-message';
import { isStream } from '../../http/csv/csv-body';
import { QueryPipe } from '../../http/validation/dto.pipe';
import { isStorable } from '@tearoff/service-kit';
import { unstorableBody } from '../../http/body/json-body';
import { PathId } from '../../http/validation/path-id.pipe';
import { charsetOf } from '../../http/body/text-encoding';
import { MessageCheck } from '../messages/message-check';
import { Operation } from '../../http/openapi/operation.decorator';
import { columnChoices } from './column-choice';
import { csvChunks } from './csv-list';
import { DistributionQuery } from './distribution.dto';
import { distributionExamples } from './distribution.examples';
import { DistributionBody } from './distribution.schema';
import { dryRun, dryRunOfCsv } from './dry-run';
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
      'name, or by the words of CRMs, address books and mailing tools for them (`Mobile Phone`, `E-mail 1 - Value`, ' +
      '`Vorname`, `Correo electrónico` …), the more specific of two; others become metadata. `?map=` names columns by ' +
      'header or by number: `phone:Mobile 2,firstName:7,source.site:Branch`. Countries by code or by name. Comma, ' +
      'semicolon and tab separate, or what a first line `sep=` says. The encoding is what `charset=` of the ' +
      'Content-Type says, else it is found out; where it is unclear it is asked back as 422 ' +
      '`csv.encoding_unclear` with the `readings`. A row with a character that was lost (U+FFFD, `JÃ¶rg`) or a number ' +
      'that a spreadsheet has rounded is refused. `?dryRun=true` answers 200 with how the list is understood, the first ' +
      'twenty rows and the count of rows that would be refused, and does nothing. No one is served before all of it has ' +
      'arrived. Good rows go out, bad ones are told by `GET /v1/jobs/{id}/errors`. A list gives a person one coupon ' +
      'and one message, however often it names them; so do several lists where `perRecipient` allows one. A row with a ' +
      '`code` gets that one: a free one of the stack, or where codes are generated a new one.',
    scopes: ['marketing'],
    query: DistributionQuery,
    body: {
      schema: 'DistributionRequest',
      examples: distributionExamples,
      csv: 'phone,country,firstName,source.site\r\n07400 123456,GB,Ann,spring-fair\r\n',
      maxBytes: 64 * 1024 * 1024,
      checksTexts: true,
    },
    answers: {
      202: { description: 'See `GET /v1/jobs/{id}`.', schema: 'JobRef' },
      200: { description: 'Of `?dryRun=true`: what the list would come to.', schema: 'DryRun' },
    },
    problems: {
      404: ['campaign.not_found'],
      409: ['campaign.not_active', 'campaign.ended', 'campaign.is_game'],
      422: [
        'message.invalid',
        'template.not_found',
        'template.wrong_channel',
        'list.column_unknown',
        'list.column_unclear',
        'csv.encoding_unclear',
        'csv.charset_unknown',
      ],
    },
  })
  async distribute(
    @Req() request: FastifyRequest,
    @Param('id', new PathId('campaign')) campaignId: string,
    @Query(new QueryPipe(DistributionQuery)) query: DistributionQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { body, caller, messageContext: context } = request;
    const { accountId } = caller;
    const isDry = query.dryRun === 'true';
    if (isDry) {
      await this.commands.send(GetCampaign, { accountId, campaignId }, { context });
      reply.code(200);
    }
    if (isStream(body)) {
      const { channel } = query;
      if (!channel) throw invalid([{ path: '/channel', message: 'is required' }], 'The query is not valid.');
      const reading = {
        charset: charsetOf(request.headers['content-type']),
        choices: columnChoices(query.map),
      };
      if (isDry) return dryRunOfCsv(body, reading, channel);
      const job = await this.lists.run({ accountId, campaignId, channel }, csvChunks(body, reading), context);
      return { jobId: job.id };
    }
    if (query.map !== undefined)
      throw invalid([{ path: '/map', message: 'is of a CSV list' }], 'The query is not valid.');
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
    if (isDry) return dryRun(jsonChunks(recipients), list.channel, () => null);
    const job = await this.lists.run({ accountId, campaignId, ...list }, jsonChunks(recipients), context);
    return { jobId: job.id };
  }
}

const invalid = (errors: FieldError[], message: string): DomainError =>
  new DomainError('request.invalid', 'invalid', message, { errors });

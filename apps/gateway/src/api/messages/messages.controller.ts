import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import type { Static } from '@sinclair/typebox';
import { faultsOf, GetTemplate, newId, SendMessages, type MessageRecipient } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { SchemaPipe } from '../../http/validation/schema.pipe';
import { requestKeys } from '../../access/idempotency/request-keys';
import { Operation } from '../../http/openapi/operation.decorator';
import { messageExamples } from '../templates/template.examples';
import { MessagesBody, RecipientBody, type MessageAnswer } from '../templates/template.schema';

type Asked = MessageRecipient & { deliveryId: string; key?: string };

@Controller('v1/messages')
export class MessagesController {
  constructor(private readonly commands: CommandClient) {}

  @Post()
  @HttpCode(202)
  @Operation({
    tag: 'Messages',
    summary: 'Send a template to up to 1,000 people',
    description:
      'Each with their own data, in their own language. A result for each, in their order: one that is wrong harms no ' +
      'other. `channel`, where given, must be the template’s. What becomes of them: `GET /v1/deliveries`. With an ' +
      '`Idempotency-Key` the same request writes no one twice, also when its answer was lost.',
    scopes: ['marketing', 'send'],
    body: { schema: 'MessagesRequest', examples: messageExamples, maxBytes: 8 * 1024 * 1024 },
    answers: { 202: { description: 'What became of each.', schema: 'MessagesAnswer' } },
    problems: { 404: ['template.not_found'], 422: ['template.wrong_channel'] },
  })
  async send(
    @Req() request: FastifyRequest,
    @Body(new SchemaPipe(MessagesBody)) { recipients, ...message }: Static<typeof MessagesBody>,
  ): Promise<{ results: MessageAnswer[] }> {
    const { caller, messageContext: context } = request;
    const { accountId } = caller;
    const keyOf = requestKeys(request);
    const judged = recipients.map((each, place) => judge(each, keyOf(place)));
    const good = judged.flatMap((each) => ('ask' in each ? [each.ask] : []));
    if (good.length === 0) {
      // No one to write to; that there is no such template is to be told all the same.
      await this.commands.send(GetTemplate, { accountId, templateId: message.templateId }, { context });
      return { results: judged.flatMap((each) => ('refused' in each ? [each.refused] : [])) };
    }
    const { results } = await this.commands.send(
      SendMessages,
      { accountId, ...message, recipients: good },
      { context },
    );
    const resultOf = new Map(good.map((ask, at) => [ask, results[at]]));
    return {
      results: judged.map((each) => {
        if ('refused' in each) return each.refused;
        const { deliveryId, status, error } = resultOf.get(each.ask)!;
        return {
          recipient: namesOf(each.ask),
          deliveryId: status === 'refused' ? null : deliveryId,
          status,
          error,
        };
      }),
    };
  }
}

function judge(given: unknown, key: string | undefined): { ask: Asked } | { refused: MessageAnswer } {
  const faults = faultsOf(RecipientBody, given);
  if (!faults)
    return { ask: { deliveryId: newId('delivery'), ...(key && { key }), ...(given as MessageRecipient) } };
  const [{ path, message }] = faults;
  const detail = `${path.slice(1).replaceAll('/', '.')} ${message}`.trim();
  return {
    refused: {
      recipient: namesOf(given as MessageRecipient),
      deliveryId: null,
      status: 'refused',
      error: 'recipient.invalid',
      detail,
    },
  };
}

/** What the caller called them, as far as it can be told. */
function namesOf(given: MessageRecipient | null | undefined): MessageAnswer['recipient'] {
  const names = Object.entries(given ?? {}).filter(
    ([name, value]) => ['phone', 'email', 'externalId'].includes(name) && typeof value === 'string',
  );
  return Object.fromEntries(names);
}

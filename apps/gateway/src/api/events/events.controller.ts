import { Controller, Post } from '@nestjs/common';
import { EventRequest, RecordEvent } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { strict } from '../../http/validation/hot-route';
import { requestId } from '../../access/idempotency/request-keys';
import { Operation } from '../../http/openapi/operation.decorator';
import { eventExamples } from './event.examples';

/** The hot route: compiled schema, called by Fastify. */
@Controller('v1/events')
export class EventsController {
  constructor(private readonly commands: CommandClient) {}

  @Post()
  @Operation({
    tag: 'Events',
    summary: 'Tell that something happened',
    description:
      'It starts the workflows that listen for its type; a type that is new is remembered. The same `key` again (or, ' +
      'without one, the same contact) is answered with the first event’s id, and starts nothing twice unless a ' +
      'workflow says `every`. With an `Idempotency-Key` a repeated request is the very same event for a day, also for ' +
      'those workflows and also when its answer was lost.',
    scopes: ['events'],
    body: { schema: strict(EventRequest), hot: true, examples: eventExamples, maxBytes: 64 * 1024 },
    answers: { 202: { description: 'It is kept, and workflows will hear of it.', schema: 'EventRef' } },
    problems: {
      422: [
        'event.missing_params',
        'event.reserved_type',
        'contact.invalid_phone',
        'contact.invalid_email',
        'contact.invalid_timezone',
        'contact.fields_too_large',
      ],
    },
  })
  async record(request: FastifyRequest<{ Body: EventRequest }>, reply: FastifyReply) {
    const { caller, messageContext: context, body } = request;
    const command = { accountId: caller.accountId, eventId: requestId('event', request), ...body };
    const { id } = await this.commands.send(RecordEvent, command, { context });
    reply.code(202);
    return { id };
  }
}

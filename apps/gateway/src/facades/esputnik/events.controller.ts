import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { FindContact, idPattern, invalid, RecordEvent, type MessageContext } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { SchemaPipe } from '../../http/validation/schema.pipe';
import { requestId } from '../../access/idempotency/request-keys';
import { contactNamesIn, contactOf, keyOf } from './contact-params';
import { EventBody, paramsOf, textOf } from './event.schema';
import { forEvents } from './routes';

const contactId = new RegExp(idPattern('contact'));

@Controller('esputnik/api')
export class EsputnikEventsController {
  constructor(private readonly commands: CommandClient) {}

  @Post(['v1/event', 'v2/event'])
  @HttpCode(200)
  @RouteConfig(forEvents)
  async record(@Req() request: FastifyRequest, @Body(new SchemaPipe(EventBody)) body: EventBody) {
    const { caller, messageContext: context } = request;
    const { accountId } = caller;
    const params = paramsOf(body);
    const names = contactNamesIn(params);
    const key = textOf(body.keyValue) ?? keyOf(names);
    const given = contactOf(names);
    const isNamed = Object.keys(given).length > 0;
    if (key === undefined && !isNamed) throw nobody();
    const contact = { ...given, ...(await this.kept(accountId, names.contactId, context)) };
    await this.commands.send(
      RecordEvent,
      {
        accountId,
        eventId: requestId('event', request),
        type: body.eventTypeKey,
        ...(key !== undefined && { key }),
        ...(Object.keys(contact).length > 0 && { contact }),
        params,
      },
      { context },
    );
    return {};
  }

  /** How a contact is called whose id `v1/contact` has told. */
  private async kept(accountId: string, id: string | undefined, context: MessageContext) {
    if (id === undefined || !contactId.test(id)) return {};
    const contact = await this.commands.send(FindContact, { accountId, id }, { context });
    const { externalId, email, phone } = contact ?? {};
    return { ...(externalId && { externalId }), ...(email && { email }), ...(phone && { phone }) };
  }
}

const nobody = () =>
  invalid(
    'request.invalid',
    'The event needs a keyValue, or a param that names the contact: contactId, externalCustomerId, email, phone or pushToken.',
  );

import { Body, Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  FindContact,
  fits,
  GetTemplate,
  newId,
  SendMessages,
  type Channel,
  type Contact,
  type MessageContext,
  type RequestOf,
  type SendError,
  type SendResult,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { PathId } from '../../http/validation/path-id.pipe';
import { SchemaPipe } from '../../http/validation/schema.pipe';
import { requestKeys } from '../../access/idempotency/request-keys';
import { requestIdOf } from './request-id';
import { forSending } from './routes';
import { resolveRecipient, locatorOf, recipientKeys } from './smartsend.recipients';
import { SmartsendBody, SmartsendRecipient } from './smartsend.schema';

const words: Readonly<Record<SendError, string>> = {
  'recipient.no_address': 'The recipient has no address that this message can go to.',
  'recipient.invalid_phone': 'The locator is not a phone number.',
  'recipient.invalid_email': 'The locator is not an e-mail address.',
  'recipient.suppressed': 'This address must not be written to.',
  'message.empty': 'The message would be empty.',
  'template.render_failed': 'The message cannot be made with this jsonParam.',
  'delivery.exists': 'There is another message of this id.',
};

@Controller('esputnik/api/v1/message')
export class SmartsendController {
  constructor(private readonly commands: CommandClient) {}

  @Post(':id/smartsend')
  @HttpCode(200)
  @RouteConfig(forSending)
  async smartsend(
    @Req() request: FastifyRequest,
    @Param('id', new PathId('template')) templateId: string,
    @Body(new SchemaPipe(SmartsendBody)) body: SmartsendBody,
  ) {
    const { caller, messageContext: context } = request;
    const { accountId } = caller;
    const contacts = await this.contactsOf(accountId, body.recipients, context);
    const judged = body.recipients.map((each) => resolveRecipient(each, body.email, contacts));
    const keyOf = recipientKeys(templateId, body, requestKeys(request));
    const asked = judged.flatMap((each, place) => {
      if ('refusal' in each) return [];
      const key = keyOf(each.named, place);
      return [{ deliveryId: newId('delivery'), ...(key && { key }), ...each.ask }];
    });
    const channel = channelOf(body.email);
    const sent = await this.send(
      { accountId, templateId, ...(channel && { channel }), recipients: asked },
      context,
    );
    const results = sent.values();
    return {
      id: 0,
      results: judged.map((each) => {
        const result = { id: 0, locator: each.locator };
        if ('refusal' in each) return { ...result, status: 'ERROR', message: each.refusal };
        const { deliveryId, error } = results.next().value!;
        if (error) return { ...result, status: 'ERROR', message: words[error] };
        return { ...result, status: 'OK', requestId: requestIdOf(deliveryId) };
      }),
    };
  }

  private async send(
    request: RequestOf<typeof SendMessages>,
    context: MessageContext,
  ): Promise<SendResult[]> {
    if (request.recipients.length > 0)
      return (await this.commands.send(SendMessages, request, { context })).results;
    // No one to write to; that there is no such message is to be told all the same.
    const { accountId, templateId } = request;
    await this.commands.send(GetTemplate, { accountId, templateId }, { context });
    return [];
  }

  /** Those whom recipients without an address name by the id that `v1/contact` told, by that id. */
  private async contactsOf(
    accountId: string,
    recipients: readonly unknown[],
    context: MessageContext,
  ): Promise<Map<string, Contact>> {
    const ids = recipients.flatMap((each) =>
      fits(SmartsendRecipient, each) && each.contactId && locatorOf(each) === ''
        ? [String(each.contactId)]
        : [],
    );
    const found = await Promise.all(
      [...new Set(ids)].map((id) => this.commands.send(FindContact, { accountId, id }, { context })),
    );
    return new Map(found.flatMap((contact) => (contact ? [[contact.id, contact]] : [])));
  }
}

function channelOf(isEmail: boolean | null | undefined): Channel | undefined {
  if (typeof isEmail !== 'boolean') return undefined;
  return isEmail ? 'email' : 'sms';
}

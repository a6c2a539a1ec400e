import { Body, Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  FindContact,
  fits,
  GetTemplate,
  SendMessages,
  type Channel,
  type Contact,
  type MessageContext,
  type RequestOf,
  type SendError,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { PathId } from '../../http/path-id.pipe';
import { SchemaPipe } from '../../http/schema.pipe';
import { requestIds } from '../../idempotency/request-ids';
import { requestIdOf } from './request-id';
import { forMany } from './routes';
import { deliveryNames, judge, locatorOf } from './smartsend.recipients';
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
  @RouteConfig(forMany)
  async smartsend(
    @Req() request: FastifyRequest,
    @Param('id', new PathId('template')) templateId: string,
    @Body(new SchemaPipe(SmartsendBody)) body: SmartsendBody,
  ) {
    const { caller, messageContext: context } = request;
    const { accountId } = caller;
    const contacts = await this.contactsOf(accountId, body.recipients, context);
    const judged = body.recipients.map((each) => judge(each, body.email, contacts));
    const nameOf = deliveryNames(accountId, templateId, body, requestIds('delivery', request));
    const named = judged.map((each, place) =>
      'refusal' in each ? each : { ...each, deliveryId: nameOf(each.named, place) },
    );
    const asked = named.flatMap((each) =>
      'refusal' in each ? [] : [{ ...each.ask, deliveryId: each.deliveryId }],
    );
    const errors = await this.send(
      accountId,
      templateId,
      body.email,
      // One who is named twice by the same externalRequestId is one.
      [...new Map(asked.map((each) => [each.deliveryId, each])).values()],
      context,
    );
    return {
      id: 0,
      results: named.map((each) => {
        const refusal = 'refusal' in each ? each.refusal : errors.get(each.deliveryId);
        const result = { id: 0, locator: each.locator };
        if (refusal !== undefined || 'refusal' in each)
          return { ...result, status: 'ERROR', message: refusal };
        return { ...result, status: 'OK', requestId: requestIdOf(each.deliveryId) };
      }),
    };
  }

  /** Why some of them are not written to, by their deliveries. */
  private async send(
    accountId: string,
    templateId: string,
    isEmail: boolean | null | undefined,
    recipients: RequestOf<typeof SendMessages>['recipients'],
    context: MessageContext,
  ): Promise<Map<string, string>> {
    if (recipients.length === 0) {
      // Nobody to write to; that there is no such message is to be told all the same.
      await this.commands.send(GetTemplate, { accountId, templateId }, { context });
      return new Map();
    }
    const channel: Channel = isEmail ? 'email' : 'sms';
    const request = { accountId, templateId, ...(typeof isEmail === 'boolean' && { channel }), recipients };
    const { results } = await this.commands.send(SendMessages, request, { context });
    return new Map(results.flatMap(({ deliveryId, error }) => (error ? [[deliveryId, words[error]]] : [])));
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

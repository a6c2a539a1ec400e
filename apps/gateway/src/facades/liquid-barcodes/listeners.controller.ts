import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { CreateWebhook, DeleteWebhook, DomainError, ListWebhooks, type Webhook } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { BodyPipe } from '../../http/validation/dto.pipe';
import { PathId } from '../../http/validation/path-id.pipe';
import { eventsOf, typesOf } from './event-types';
import { ListenerDto } from './listener.dto';

/** More than an account has. */
const limit = 500;

/** A listener is a webhook, named by the vendor's types of event. */
@Controller('liquidbarcodes/content')
export class ListenersController {
  constructor(private readonly commands: CommandClient) {}

  @Post('listener')
  @HttpCode(200)
  @RouteConfig({ standsFor: ['POST /v1/webhooks'] })
  async add(
    @Req() { caller, messageContext: context }: FastifyRequest,
    @Body(new BodyPipe(ListenerDto, 'check', 'lenient')) { Url, EventTypes }: ListenerDto,
  ) {
    const webhook = { url: Url, events: eventsOf(EventTypes) };
    const request = { accountId: caller.accountId, webhook };
    const made = await this.commands.send(CreateWebhook, request, { context }).catch(inTheirWords);
    return { ...shown(made), Secret: made.secret };
  }

  @Delete('listener/:id')
  @RouteConfig({ standsFor: ['DELETE /v1/webhooks/:id'] })
  async remove(
    @Req() { caller, messageContext: context }: FastifyRequest,
    @Param('id', new PathId('webhook')) id: string,
  ) {
    const request = { accountId: caller.accountId, webhookId: id };
    await this.commands.send(DeleteWebhook, request, { context });
    return { ListenerId: id, Status: 'Deleted' };
  }

  @Get('listeners')
  @RouteConfig({ standsFor: ['GET /v1/webhooks'] })
  async list(@Req() { caller, messageContext: context }: FastifyRequest) {
    const request = { accountId: caller.accountId, limit };
    const { data } = await this.commands.send(ListWebhooks, request, { context });
    return { Listeners: data.filter(({ events }) => typesOf(events)).map(shown) };
  }
}

const shown = ({ id, url, events, status }: Webhook) => ({
  ListenerId: id,
  Url: url,
  EventTypes: typesOf(events),
  Status: status === 'active' ? 'Active' : 'Paused',
});

function inTheirWords(error: unknown): never {
  if (!(error instanceof DomainError) || error.code !== 'webhook.invalid_url') throw error;
  const errors = error.details?.errors?.map((fault) => ({ ...fault, path: '/Url' }));
  throw new DomainError(error.code, error.kind, error.message, { errors });
}

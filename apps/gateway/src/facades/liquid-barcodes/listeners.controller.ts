import { Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { notFound } from '@tearoff/contracts';

const marketing = { facadeScopes: ['marketing'] as const };

/** Nothing is told to listeners yet, so none is taken: one that is kept and never told would look like silence. */
@Controller('liquidbarcodes/content')
export class ListenersController {
  @Post('listener')
  @HttpCode(501)
  @RouteConfig(marketing)
  add() {
    return {
      ErrorCode: 'NotImplemented',
      ErrorMessage: 'Listeners are not told of anything yet: none was added.',
    };
  }

  @Delete('listener/:id')
  @RouteConfig(marketing)
  remove(): never {
    throw notFound('listener.not_found', 'There is no such listener.');
  }

  @Get('listeners')
  @RouteConfig(marketing)
  list() {
    return { Listeners: [] };
  }
}

import { Body, Controller, Delete, Get, HttpCode, Post, Query, Req } from '@nestjs/common';
import { AddSuppression, ListSuppressions, RemoveSuppression } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { BodyPipe, QueryPipe } from '../../http/validation/dto.pipe';
import { withPlus } from '../../http/validation/plus';
import { sendForCaller } from '../../http/send-for-caller';
import { pageOf, withoutAccount } from '../../http/views';
import { Operation } from '../../http/openapi/operation.decorator';
import { SuppressedAddressDto, SuppressionDto, SuppressionsQuery } from './suppression.dto';

const scopes = ['marketing'] as const;
const tag = 'Messages';
const removed = new BodyPipe(SuppressedAddressDto);

@Controller('v1/suppressions')
export class SuppressionsController {
  constructor(private readonly commands: CommandClient) {}

  @Post()
  @Operation({
    tag,
    summary: 'Never write to an address again',
    description: 'The address in any spelling. Again = the suppression that stands.',
    scopes,
    body: {
      schema: 'SuppressionInput',
      examples: {
        sms: {
          summary: 'They said STOP',
          value: { channel: 'sms', address: '+44 7400 999888', reason: 'opt_out' },
        },
        email: {
          summary: 'It bounced',
          value: { channel: 'email', address: 'gone@example.com', reason: 'bounce' },
        },
      },
    },
    answers: { 201: { description: 'The suppression.', schema: 'Suppression' } },
    problems: { 422: ['recipient.invalid_phone', 'recipient.invalid_email'] },
  })
  async add(@Req() request: FastifyRequest, @Body(new BodyPipe(SuppressionDto)) body: SuppressionDto) {
    return withoutAccount(await sendForCaller(this.commands, request, AddSuppression, body));
  }

  @Get()
  @Operation({
    tag,
    summary: 'List suppressions, newest first',
    scopes,
    query: SuppressionsQuery,
    answers: { 200: { description: 'A page of suppressions.', schema: 'Suppression', page: true } },
  })
  async list(
    @Req() request: FastifyRequest,
    @Query(new QueryPipe(SuppressionsQuery)) query: SuppressionsQuery,
  ) {
    const page = await sendForCaller(this.commands, request, ListSuppressions, query);
    return pageOf(page, withoutAccount);
  }

  @Delete()
  @HttpCode(204)
  @Operation({
    tag,
    summary: 'Allow an address again',
    description: '`channel` and `address` in the query, or as a JSON body.',
    scopes,
    query: SuppressedAddressDto,
    answers: { 204: { description: 'It may be written to.' } },
    problems: {
      404: ['suppression.not_found'],
      422: ['recipient.invalid_phone', 'recipient.invalid_email'],
    },
  })
  async remove(
    @Req() request: FastifyRequest,
    @Query() query: Record<string, unknown>,
    @Body() body: unknown,
  ) {
    const { channel, address } = body
      ? await removed.transform(body)
      : await new QueryPipe(SuppressedAddressDto).transform(query);
    await sendForCaller(this.commands, request, RemoveSuppression, { channel, address: withPlus(address) });
  }
}

import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { Type, type Static } from '@sinclair/typebox';
import {
  FetchPass,
  ListChangedPasses,
  RecordDeviceLog,
  RegisterDevice,
  UnregisterDevice,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SchemaPipe } from '../../http/validation/schema.pipe';
import { sendPkpass } from './pkpass.reply';
import { WalletLimits } from './wallet-limits';

const Registration = Type.Object({ pushToken: Type.String({ minLength: 1, maxLength: 400 }) });
const Log = Type.Object({ logs: Type.Optional(Type.Array(Type.Unknown())) });

// What a phone says fits; what a stranger says is cut.
const maxLines = 10;
const longestLine = 500;

/** The PassKit web service, which phones call; what they may is shown by the pass's own token. */
@Controller('wallet/apple/v1')
export class AppleWebServiceController {
  constructor(
    private readonly commands: CommandClient,
    private readonly limits: WalletLimits,
  ) {}

  @Post('devices/:device/registrations/:passType/:serial')
  async register(
    @Req() request: FastifyRequest,
    @Param() { device, ...key }: Record<string, string>,
    @Body(new SchemaPipe(Registration)) { pushToken }: Static<typeof Registration>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const pass = this.passOf(request, key);
    const { outcome } = await this.commands.send(RegisterDevice, { ...pass, device, pushToken });
    if (outcome === 'unauthorized') return this.refuse(request, reply);
    void reply.code(outcome === 'registered' ? 201 : 200).send();
  }

  @Delete('devices/:device/registrations/:passType/:serial')
  async unregister(
    @Req() request: FastifyRequest,
    @Param() { device, ...key }: Record<string, string>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { outcome } = await this.commands.send(UnregisterDevice, { ...this.passOf(request, key), device });
    if (outcome === 'unauthorized') return this.refuse(request, reply);
    void reply.code(200).send();
  }

  @Get('devices/:device/registrations/:passType')
  async changed(
    @Param('device') device: string,
    @Param('passType') passTypeIdentifier: string,
    @Query('passesUpdatedSince') tag: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const since = typeof tag === 'string' && tag !== '' ? tag.slice(0, 100) : undefined;
    const changed = await this.commands.send(ListChangedPasses, { device, passTypeIdentifier, since });
    void reply.header('cache-control', 'no-store');
    if (changed.serialNumbers.length === 0) return void reply.code(204).send();
    void reply.send(changed);
  }

  @Get('passes/:passType/:serial')
  async fetch(
    @Req() request: FastifyRequest,
    @Param() key: Record<string, string>,
    @Headers('if-modified-since') since: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const known = since === undefined ? NaN : Date.parse(since);
    const ifModifiedSince = Number.isNaN(known) ? undefined : new Date(known).toISOString();
    const answer = await this.commands.send(FetchPass, { ...this.passOf(request, key), ifModifiedSince });
    if (answer.outcome === 'unauthorized') return this.refuse(request, reply);
    if (answer.outcome === 'pass') return sendPkpass(reply, answer);
    void reply.code(304).header('last-modified', new Date(answer.changedAt).toUTCString()).send();
  }

  @Post('log')
  @HttpCode(200)
  async log(@Req() { ip }: FastifyRequest, @Body(new SchemaPipe(Log)) { logs = [] }: Static<typeof Log>) {
    if (!this.limits.mayLog(ip)) return;
    const lines = logs.slice(0, maxLines).filter((line) => typeof line === 'string');
    if (lines.length === 0) return;
    await this.commands.send(RecordDeviceLog, { logs: lines.map((line) => line.slice(0, longestLine)) });
  }

  private passOf({ ip, headers }: FastifyRequest, { passType, serial }: Record<string, string>) {
    this.limits.mayShowToken(ip);
    const [, authenticationToken = ''] = /^ApplePass (\S{1,200})$/.exec(headers.authorization ?? '') ?? [];
    return {
      passTypeIdentifier: passType.slice(0, 200),
      serialNumber: serial.slice(0, 100),
      authenticationToken,
    };
  }

  private refuse({ ip }: FastifyRequest, reply: FastifyReply): void {
    this.limits.wrongToken(ip);
    void reply.code(401).send();
  }
}

import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Static } from '@sinclair/typebox';
import { GetApplePass, GetGoogleLink, GetWalletPushJob, PushToCard } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PathId } from '../../http/validation/path-id.pipe';
import { SchemaPipe } from '../../http/validation/schema.pipe';
import { withoutAccount } from '../../http/views';
import { Operation } from '../../http/openapi/operation.decorator';
import { sendPkpass } from './pkpass.reply';
import { CardPushBody } from './push.schema';

const scopes = ['marketing'] as const;
const tag = 'Loyalty';
const notOnCard = ['card.not_found', 'member.not_found', 'enrolment.not_found'];

/** Passes of a card, and what is told to all of its wallets. */
@Controller('v1/loyalty/cards/:id')
export class CardWalletsController {
  constructor(private readonly commands: CommandClient) {}

  @Get('members/:memberId/pass.pkpass')
  @Operation({
    tag,
    summary: "A member's card for Apple Wallet",
    description:
      'The same pass as on the card’s page. Without certificates of Apple’s it is signed by a development chain and ' +
      'answered with `X-Pass-Certificate: development`: a phone refuses it.',
    scopes,
    answers: { 200: { description: 'A signed pass.', binary: 'application/vnd.apple.pkpass' } },
    problems: { 404: notOnCard },
  })
  async apple(
    @Req() request: FastifyRequest,
    @Param('id', new PathId('card')) cardId: string,
    @Param('memberId', new PathId('member')) memberId: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { caller, messageContext: context } = request;
    const subject = { accountId: caller.accountId, cardId, memberId };
    sendPkpass(reply, await this.commands.send(GetApplePass, { subject }, { context }));
  }

  @Get('members/:memberId/google-wallet')
  @Operation({
    tag,
    summary: 'A link that saves a member’s card to Google Wallet',
    scopes,
    answers: { 200: { description: 'The link.', schema: 'WalletLink' } },
    problems: { 404: notOnCard, 409: ['wallet.google_not_configured'] },
  })
  google(
    @Req() { caller, messageContext: context }: FastifyRequest,
    @Param('id', new PathId('card')) cardId: string,
    @Param('memberId', new PathId('member')) memberId: string,
  ) {
    const subject = { accountId: caller.accountId, cardId, memberId };
    return this.commands.send(GetGoogleLink, { subject }, { context });
  }

  @Post('push')
  @HttpCode(202)
  @Operation({
    tag,
    summary: 'Tell everyone who has the card in a wallet',
    description:
      'A paced job; `devices` is how many wallets hold the card now. Each is told once. Google shows three messages of ' +
      'one card in 24 hours; more of them wait.',
    scopes,
    body: {
      schema: 'CardPush',
      examples: {
        news: { summary: 'News', value: { message: 'Double points on everything this weekend.' } },
      },
    },
    answers: { 202: { description: 'The job, and how many it is for.', schema: 'CardPushAnswer' } },
    problems: { 404: ['card.not_found'] },
  })
  async push(
    @Req() { caller, messageContext: context }: FastifyRequest,
    @Param('id', new PathId('card')) cardId: string,
    @Body(new SchemaPipe(CardPushBody)) { message }: Static<typeof CardPushBody>,
  ) {
    const { accountId } = caller;
    const round = await this.commands.send(PushToCard, { accountId, cardId, message }, { context });
    return { jobId: round.id, devices: round.devices };
  }

  @Get('push/:jobId')
  @Operation({
    tag,
    summary: 'How far a message to a card’s wallets has come',
    scopes,
    answers: { 200: { description: 'The job.', schema: 'CardPushJob' } },
    problems: { 404: ['job.not_found'] },
  })
  async job(
    @Req() { caller, messageContext: context }: FastifyRequest,
    @Param('id', new PathId('card')) cardId: string,
    @Param('jobId', new PathId('job')) jobId: string,
  ) {
    const { accountId } = caller;
    return withoutAccount(
      await this.commands.send(GetWalletPushJob, { accountId, cardId, jobId }, { context }),
    );
  }
}

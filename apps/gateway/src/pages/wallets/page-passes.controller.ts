import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { GetApplePass, GetGoogleLink, notFound, type PassSubject } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendPkpass } from './pkpass.reply';
import { WalletLimits } from './wallet-limits';

const subjects: Record<string, (token: string) => PassSubject> = {
  c: (couponToken) => ({ couponToken }),
  l: (cardToken) => ({ cardToken }),
};

/** What the buttons on a coupon's and on a card's page lead to; anyone who has the page's address may have its pass. */
@Controller()
export class PagePassesController {
  constructor(
    private readonly commands: CommandClient,
    private readonly limits: WalletLimits,
  ) {}

  @Get(['c/:token/pass.pkpass', 'l/:token/pass.pkpass'])
  async apple(
    @Req() request: FastifyRequest,
    @Param('token') token: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    this.limits.make(request.ip);
    const { messageContext: context } = request;
    sendPkpass(
      reply,
      await this.commands.send(GetApplePass, { subject: subjectOf(request, token) }, { context }),
    );
  }

  @Get(['c/:token/google-wallet', 'l/:token/google-wallet'])
  async google(
    @Req() request: FastifyRequest,
    @Param('token') token: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    this.limits.make(request.ip);
    const { messageContext: context } = request;
    const subject = subjectOf(request, token);
    const { url } = await this.commands.send(GetGoogleLink, { subject }, { context });
    void reply
      .headers({ 'cache-control': 'no-store, private', 'x-robots-tag': 'noindex, nofollow' })
      .redirect(url, 302);
  }
}

function subjectOf({ routeOptions }: FastifyRequest, token: string): PassSubject {
  if (!/^[A-Za-z0-9_-]{8,64}$/.test(token)) throw notFound('pass.not_found', 'There is no such pass.');
  return subjects[routeOptions.url!.split('/')[1]](token);
}

import { randomUUID } from 'node:crypto';
import { Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  GetCampaign,
  IssueCoupon,
  VoidCoupon,
  type CampaignView,
  type Coupon,
  type MessageContext,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { refusalOf } from '../../api/coupons/issue-refusals';
import { PUBLIC_URL } from '../../pages/pages.tokens';
import { failure, invalidParameter } from './faults';
import { Parameters } from './parameters';
import { standingFor } from './routes';
import { ok, singleUse } from './views';

/** So many are asked for at a time, well within the deadline of each (measured: 600 to 800 a second on two busy cores). */
const wave = 1_000;
/** Withdrawn one by one, a thirtieth as fast. */
const maxVoided = 1_000;
/** A connection on which nothing happens is otherwise closed after two minutes. */
const patienceMs = 900_000;

@Controller('coupontools/v3/multiplesingleuse')
export class CoupontoolsMultipleSingleUseController {
  constructor(
    private readonly commands: CommandClient,
    @Inject(PUBLIC_URL) private readonly publicUrl: string,
  ) {}

  /** Coupons for no one in particular. All or none: when some are refused, those made before are withdrawn. */
  @Post('create')
  @HttpCode(200)
  @RouteConfig(standingFor('POST /v1/coupons'))
  async create(@Req() request: FastifyRequest) {
    const { caller, messageContext: context } = request;
    const { accountId } = caller;
    const parameters = Parameters.of(request);
    const campaignId = parameters.campaign();
    const status = parameters.oneOf('status', ['normal', 'voided', 'activated']);
    const amount = parameters.number('amount', 10, [1, status === 'voided' ? maxVoided : 100_000]);
    parameters.flag('automated_codes');
    const length = parameters.has('code_length') && parameters.number('code_length', 10, [10, 25]);
    const prefix = parameters.text('code_prefix', 20);
    parameters.text('code_type');
    parameters.check();
    const campaign = await this.commands.send(GetCampaign, { accountId, campaignId }, { context });
    refuseOtherCodes(campaign, prefix, length);
    refuseTooMany(campaign, amount);
    request.raw.setTimeout(patienceMs);
    const coupons = await this.issue(accountId, campaignId, amount, context);
    if (status === 'voided') await this.withdraw(coupons, 'created voided', context);
    return ok({
      campaign: campaign.id,
      action: 'multiple_single_use_codes_created',
      data: coupons.map((coupon, index) => ({
        ...singleUse(coupon, this.publicUrl),
        sequence_id: index + 1,
      })),
    });
  }

  private async issue(
    accountId: string,
    campaignId: string,
    amount: number,
    context: MessageContext,
  ): Promise<Coupon[]> {
    const batch = randomUUID();
    const coupons: Coupon[] = [];
    while (coupons.length < amount) {
      const first = coupons.length + 1;
      const outcomes = await Promise.allSettled(
        Array.from({ length: Math.min(wave, amount - coupons.length) }, (_, index) => {
          const metadata = { sequence_id: first + index };
          const recipient = { externalId: `coupontools-${batch}-${first + index}` };
          const request = { accountId, campaignId, recipient, channel: 'none' as const, metadata };
          return this.commands.send(IssueCoupon, request, { context });
        }),
      );
      let failed: unknown;
      for (const settled of outcomes) {
        if (settled.status === 'rejected') failed ??= settled.reason;
        else if (settled.value.outcome === 'refused') failed ??= refusalOf(settled.value);
        else coupons.push(settled.value.coupon);
      }
      if (failed) {
        await this.withdraw(coupons, 'not all of them could be made', context);
        throw failed as Error;
      }
    }
    return coupons;
  }

  private async withdraw(coupons: readonly Coupon[], reason: string, context: MessageContext): Promise<void> {
    for (let done = 0; done < coupons.length; done += 20) {
      await Promise.all(
        coupons
          .slice(done, done + 20)
          .map(({ accountId, code }) =>
            this.commands.send(VoidCoupon, { accountId, code, reason }, { context }),
          ),
      );
    }
  }
}

/** How codes look is their campaign's. */
function refuseOtherCodes({ codes }: CampaignView, prefix: string | undefined, length: number | false): void {
  const faults = [
    ...(prefix === undefined || prefix.toUpperCase() === codes.prefix
      ? []
      : [invalidParameter('code_prefix', `The campaign's codes begin with '${codes.prefix}'.`)]),
    ...(length === false || length === codes.prefix.length + codes.length
      ? []
      : [
          invalidParameter(
            'code_length',
            `The campaign's codes have ${codes.prefix.length + codes.length} characters.`,
          ),
        ]),
  ];
  if (faults.length > 0) throw failure(...faults);
}

/** Before the first is made; whether they really suffice shows while they are made. */
function refuseTooMany({ limits, issued, codes, stock }: CampaignView, amount: number): void {
  const left = Math.min(
    limits.total === null ? Infinity : limits.total - issued,
    codes.source === 'imported' ? (stock ?? 0) : Infinity,
  );
  if (amount > left)
    throw failure({
      code: 502,
      description: `Campaign not available: it has ${Math.max(0, left)} coupons left.`,
    });
}

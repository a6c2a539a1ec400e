import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  IssueCoupon,
  looksLikeEmail,
  SearchCoupons,
  type Coupon,
  type MessageContext,
  type RequestOf,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { refusalOf } from '../../api/coupons/issue-refusals';
import { BodyPipe } from '../../http/validation/dto.pipe';
import { PUBLIC_URL } from '../../pages/pages.tokens';
import { OneAtATime } from '../one-at-a-time';
import { IssueRequestDto } from './issue-request.dto';

type Issue = RequestOf<typeof IssueCoupon>;

/** Under what name a coupon keeps the transaction that it was issued by. */
const transactionMember = 'transactionId';

@Controller('liquidbarcodes/content')
export class IssueRequestController {
  constructor(
    private readonly commands: CommandClient,
    private readonly oneAtATime: OneAtATime,
    @Inject(PUBLIC_URL) private readonly publicUrl: string,
  ) {}

  @Post('IssueRequest')
  @HttpCode(200)
  @RouteConfig({ standsFor: ['POST /v1/coupons'] })
  async issueRequest(
    @Req() request: FastifyRequest,
    @Body(new BodyPipe(IssueRequestDto, 'check', 'lenient')) body: IssueRequestDto,
  ) {
    const { caller, messageContext: context } = request;
    const { accountId } = caller;
    const issue = issueOf(accountId, body);
    const transactionId = body.TransactionId;
    if (!transactionId) return this.issue(issue, body, context);
    const { ScheduleId, UserRef, Channel } = body;
    return this.oneAtATime.run(
      {
        accountId,
        key: `liquidbarcodes ${transactionId}`,
        asked: { ScheduleId, UserRef, Channel: Channel ?? null },
        keepAnswer: true,
      },
      async () => {
        const made = await this.madeBy(transactionId, issue, context);
        return made ? this.answer(made, false, body) : this.issue(issue, body, context);
      },
    );
  }

  private async issue(issue: Issue, body: IssueRequestDto, context: MessageContext) {
    const outcome = await this.commands.send(IssueCoupon, issue, { context });
    if (outcome.outcome === 'refused') throw refusalOf(outcome);
    return this.answer(outcome.coupon, outcome.outcome === 'repeated', body);
  }

  /**
   * The coupon that this transaction has brought them already. The kept answer knows that, unless it is older than a
   * day or its gateway died before it was kept.
   */
  private async madeBy(
    transactionId: string,
    { accountId, campaignId, recipient }: Issue,
    context: MessageContext,
  ) {
    const { phone, email } = recipient;
    const request = { accountId, campaignId, ...(email ? { email } : { phone }), limit: 500 };
    const { data } = await this.commands.send(SearchCoupons, request, { context });
    return data.find(({ metadata }) => metadata?.[transactionMember] === transactionId);
  }

  private answer(coupon: Coupon, repeated: boolean, { ScheduleId, UserRef }: IssueRequestDto) {
    return {
      IssueReference: coupon.id,
      ScheduleId,
      UserRef,
      Code: coupon.code,
      Url: `${this.publicUrl}/c/${coupon.token}`,
      ValidFrom: coupon.validFrom,
      ValidTo: coupon.validTo,
      Status: repeated ? 'AlreadyIssued' : 'Issued',
    };
  }
}

/** Whether they are known by a phone number or an e-mail address decides how they are written to. */
function issueOf(accountId: string, body: IssueRequestDto): Issue {
  const { ScheduleId, UserRef, Channel, TransactionId, ExpirationDate, Reference } = body;
  const isEmail = looksLikeEmail(UserRef);
  const wished = Channel?.toLowerCase().replace('-', '') as Issue['channel'];
  const metadata = {
    ...(TransactionId && { [transactionMember]: TransactionId }),
    ...(Reference && { reference: Reference }),
    ...(ExpirationDate && { expirationDate: ExpirationDate }),
  };
  return {
    accountId,
    campaignId: ScheduleId.slice(0, 48),
    recipient: isEmail ? { email: UserRef } : { phone: UserRef.slice(0, 50) },
    channel: wished ?? (isEmail ? 'email' : 'sms'),
    ...(Object.keys(metadata).length > 0 && { metadata }),
  };
}

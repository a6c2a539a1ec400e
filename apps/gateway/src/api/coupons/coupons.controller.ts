import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { GetCoupon, SearchCoupons, SendCoupon, VoidCoupon } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BodyPipe, QueryPipe } from '../../http/validation/dto.pipe';
import { PathId } from '../../http/validation/path-id.pipe';
import { waitOf } from '../../http/prefer';
import { sendForCaller } from '../../http/send-for-caller';
import { pageOf } from '../../http/views';
import { MessageCheck } from '../messages/message-check';
import { Operation } from '../../http/openapi/operation.decorator';
import { PUBLIC_URL } from '../../pages/pages.tokens';
import { CouponReader } from './coupon.reader';
import { CouponsQuery, ReasonDto, SendDto } from './coupon.dto';
import { sendExamples, voidExamples } from './coupon.examples';
import { couponView, withState } from './coupon.view';
import { DeliveryWait } from './delivery-wait';
import { checkOwnMessage } from './own-message';

const scopes = ['marketing'] as const;
const tag = 'Coupons';

@Controller('v1/coupons')
export class CouponsController {
  constructor(
    private readonly commands: CommandClient,
    private readonly coupons: CouponReader,
    private readonly deliveries: DeliveryWait,
    private readonly messages: MessageCheck,
    @Inject(PUBLIC_URL) private readonly publicUrl: string,
  ) {}

  @Get()
  @Operation({
    tag,
    summary: 'Search coupons, newest first',
    description: '`phone` in any spelling. A redemption shows in this list a moment after it was made.',
    scopes,
    query: CouponsQuery,
    answers: { 200: { description: 'A page of coupons.', schema: 'Coupon', page: true } },
    problems: { 422: ['recipient.invalid_phone'] },
  })
  async search(@Req() request: FastifyRequest, @Query(new QueryPipe(CouponsQuery)) query: CouponsQuery) {
    const page = await sendForCaller(this.commands, request, SearchCoupons, query);
    return pageOf(page, (coupon) => couponView(coupon, this.publicUrl));
  }

  @Get(':id')
  @Operation({
    tag,
    summary: 'Read a coupon as it is now',
    scopes,
    answers: { 200: { description: 'The coupon.', schema: 'Coupon' } },
    problems: { 404: ['coupon.not_found'] },
  })
  async get(@Req() request: FastifyRequest, @Param('id', new PathId('coupon')) couponId: string) {
    const { caller, messageContext: context } = request;
    return couponView(await this.coupons.current(caller.accountId, couponId, context), this.publicUrl);
  }

  @Post(':id/void')
  @HttpCode(200)
  @Operation({
    tag,
    summary: 'Withdraw a coupon',
    description: 'Again = no change.',
    scopes,
    body: { schema: 'ReasonRequest', optional: true, examples: voidExamples },
    answers: { 200: { description: 'The coupon, voided.', schema: 'Coupon' } },
    problems: { 404: ['coupon.not_found'], 409: ['coupon.already_redeemed'] },
  })
  async void(
    @Req() request: FastifyRequest,
    @Param('id', new PathId('coupon')) couponId: string,
    @Body(new BodyPipe(ReasonDto)) { reason }: ReasonDto,
  ) {
    const coupon = await sendForCaller(this.commands, request, GetCoupon, { couponId });
    const state = await sendForCaller(this.commands, request, VoidCoupon, { code: coupon.code, reason });
    return couponView(withState(coupon, state), this.publicUrl);
  }

  @Post(':id/send')
  @HttpCode(202)
  @Operation({
    tag,
    summary: 'Send a coupon again, over any channel',
    scopes,
    body: { schema: 'SendRequest', examples: sendExamples },
    answers: { 202: { description: 'The coupon with its new delivery.', schema: 'Coupon' } },
    problems: {
      404: ['coupon.not_found'],
      409: ['coupon.not_usable', 'recipient.suppressed'],
      422: ['recipient.no_address', 'message.invalid', 'template.not_found', 'template.wrong_channel'],
    },
    prefer: 'the delivery',
  })
  async send(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('id', new PathId('coupon')) couponId: string,
    @Body(new BodyPipe(SendDto)) body: SendDto,
  ) {
    const { messageContext: context } = request;
    const { accountId } = request.caller;
    const { message, channel } = body;
    await checkOwnMessage(message, { accountId, channel, context }, this.messages, this.commands);
    const coupon = await sendForCaller(this.commands, request, SendCoupon, { couponId, ...body });
    const seconds = waitOf(request.headers.prefer);
    if (seconds === null || !coupon.delivery) return couponView(coupon, this.publicUrl);
    reply.header('preference-applied', `wait=${seconds}`);
    const delivery = await this.deliveries.outcomeOf(coupon.delivery, { accountId, seconds, context, reply });
    return couponView(coupon, this.publicUrl, delivery);
  }
}

import { Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ChangePoints, CreateMember, EnrolMember, genders, SearchMembers } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { refusalOf } from '../../api/loyalty/loyalty.refusals';
import { referenceOf } from '../../api/loyalty/references';
import { PUBLIC_URL } from '../../pages/pages.tokens';
import { asUnknownCardId, invalidParameter, missingParameter } from './faults';
import { cardOfUser, userInfo, userOnCard } from './loyalty.views';
import { Parameters } from './parameters';
import { standingFor } from './routes';
import { ok } from './views';

const pageSize = 500;
/** The vendor's name of it could not be recovered. */
const amountNames = ['amount', 'points', 'stamps'] as const;

@Controller('coupontools/v3/loyaltyusers')
export class CoupontoolsLoyaltyUsersController {
  constructor(
    private readonly commands: CommandClient,
    @Inject(PUBLIC_URL) private readonly publicUrl: string,
  ) {}

  @Post('create')
  @HttpCode(200)
  @RouteConfig(standingFor('POST /v1/loyalty/members'))
  async create(@Req() request: FastifyRequest) {
    const { caller, messageContext: context } = request;
    const parameters = Parameters.of(request);
    const member = {
      email: parameters.required('email', 320).trim(),
      password: parameters.required('password', 200),
      phone: parameters.optionalPhone(),
      firstName: parameters.text('first_name'),
      lastName: parameters.text('last_name'),
      gender: parameters.oneOf('gender', genders),
      birthday: parameters.day('birthday'),
      city: parameters.text('city'),
    };
    parameters.check();
    const { accountId } = caller;
    const created = await this.commands.send(CreateMember, { accountId, member }, { context });
    return ok({ user: created.id, user_info: userInfo(created), action: 'loyalty_user_created' });
  }

  @Post('link')
  @HttpCode(200)
  @RouteConfig(standingFor('PUT /v1/loyalty/cards/:id/members/:memberId'))
  async link(@Req() request: FastifyRequest) {
    const { caller, messageContext: context } = request;
    const parameters = Parameters.of(request);
    const [cardId, memberId] = [parameters.id('loyaltycard'), parameters.id('user')];
    parameters.check();
    const { enrolment, repeated } = await this.commands
      .send(EnrolMember, { accountId: caller.accountId, cardId, memberId }, { context })
      .catch(asUnknownCardId);
    return ok({
      loyaltycard: cardId,
      user: memberId,
      ...cardOfUser(enrolment, this.publicUrl),
      action: 'loyalty_user_linked',
      repeated,
    });
  }

  @Post('list')
  @HttpCode(200)
  @RouteConfig(standingFor('GET /v1/loyalty/cards/:id/members'))
  async list(@Req() request: FastifyRequest) {
    const { caller, messageContext: context } = request;
    const { accountId } = caller;
    const parameters = Parameters.of(request);
    const cardId = parameters.id('loyaltycard');
    const page = parameters.number('page', 1, [1, 100_000]);
    parameters.check();
    let cursor: string | undefined;
    // Pages are counted, so the ones before are read, too.
    for (let read = 1; ; read++) {
      const wish = { accountId, cardId, limit: pageSize, ...(cursor && { cursor }) };
      const { data, nextCursor } = await this.commands.send(SearchMembers, wish, { context });
      if (read < page && nextCursor !== null) {
        cursor = nextCursor;
        continue;
      }
      const users = read === page ? data.map((found) => userOnCard(found, this.publicUrl)) : [];
      return ok({ loyaltycard: cardId, page, users });
    }
  }

  @Post('search')
  @HttpCode(200)
  @RouteConfig(standingFor('GET /v1/loyalty/cards/:id/members'))
  async search(@Req() request: FastifyRequest) {
    const { caller, messageContext: context } = request;
    const parameters = Parameters.of(request);
    const cardId = parameters.id('loyaltycard');
    const q = parameters.required('search').trim();
    if (q !== '' && !/^[\w.@-]{3,}$/.test(q))
      parameters.fault(
        invalidParameter('search', 'Three characters or more of A-Z a-z 0-9 - _ @ . are needed.'),
      );
    parameters.check();
    const wish = { accountId: caller.accountId, cardId, q, limit: pageSize };
    const { data } = await this.commands.send(SearchMembers, wish, { context });
    return ok({ loyaltycard: cardId, users: data.map((found) => userOnCard(found, this.publicUrl)) });
  }

  @Post('update')
  @HttpCode(200)
  @RouteConfig(standingFor('POST /v1/loyalty/cards/:id/members/:memberId/points'))
  async update(@Req() request: FastifyRequest) {
    const { caller, messageContext: context } = request;
    const { accountId, keyId: by } = caller;
    const parameters = Parameters.of(request);
    const [cardId, memberId] = [parameters.id('loyaltycard'), parameters.id('user')];
    const given = amountNames.find((name) => parameters.has(name));
    const amount = given === undefined ? 0 : parameters.amount(given);
    if (given === undefined) parameters.fault(missingParameter('amount'));
    const storeId = parameters.text('store', 100) ?? parameters.text('validator', 100);
    const own = parameters.text('reference');
    parameters.check();
    const reference = referenceOf(request, own);
    const change = { accountId, cardId, memberId, amount, storeId, reference, by };
    const result = await this.commands.send(ChangePoints, change, { context });
    if (result.outcome === 'refused') throw refusalOf(result);
    const { entry, balance, pending } = result;
    return ok({
      loyaltycard: cardId,
      user: memberId,
      amount: entry.amount,
      balance,
      pending,
      action: 'loyalty_user_updated',
      repeated: result.outcome === 'repeated',
    });
  }
}

import { Injectable } from '@nestjs/common';
import {
  RedeemCode,
  ReserveCode,
  ValidateCode,
  type RedeemOutcome,
  type RequestOf,
  type ReserveOutcome,
  type Validation,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';
import { CodeGuesses } from '../../access/guessing/code-guesses';

type Body<C extends Parameters<CommandClient['send']>[0]> = Omit<RequestOf<C>, 'accountId'>;

/** What a till asks about codes, by whichever API: the one way to redemption, so that none goes around the bound. */
@Injectable()
export class Till {
  constructor(
    private readonly commands: CommandClient,
    private readonly guesses: CodeGuesses,
  ) {}

  async validate(request: FastifyRequest, body: Body<typeof ValidateCode>): Promise<Validation> {
    this.guesses.mayAsk(request, body);
    const answer = await this.commands.send(ValidateCode, ...askedBy(request, body));
    this.guesses.learn(request, body, answer.reason === 'not_found');
    return answer;
  }

  async redeem(request: FastifyRequest, body: Body<typeof RedeemCode>): Promise<RedeemOutcome> {
    this.guesses.mayAsk(request, body);
    const answer = await this.commands.send(RedeemCode, ...askedBy(request, body));
    this.guesses.learn(request, body, isUnknown(answer));
    return answer;
  }

  async reserve(request: FastifyRequest, body: Body<typeof ReserveCode>): Promise<ReserveOutcome> {
    this.guesses.mayAsk(request, body);
    const answer = await this.commands.send(ReserveCode, ...askedBy(request, body));
    this.guesses.learn(request, body, isUnknown(answer));
    return answer;
  }
}

const askedBy = <B extends object>({ caller, messageContext: context }: FastifyRequest, body: B) =>
  [{ accountId: caller.accountId, ...body }, { context }] as const;

const isUnknown = (answer: RedeemOutcome | ReserveOutcome): boolean =>
  answer.outcome === 'refused' && answer.reason === 'not_found';

import { Controller, UsePipes } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import {
  CreateCard,
  GetCard,
  ListCards,
  UpdateCard,
  type Card,
  type DomainError,
  type ReplyOf,
  type RequestOf,
} from '@tearoff/contracts';
import type { CommandContext } from '@tearoff/messaging';
import { StorablePipe } from '@tearoff/service-kit';
import { CardsService } from './cards.service';

@Controller()
@UsePipes(StorablePipe)
export class CardsController {
  constructor(private readonly cards: CardsService) {}

  @MessagePattern(CreateCard.name)
  create(
    @Payload() { accountId, card }: RequestOf<typeof CreateCard>,
    @Ctx() { contexts }: CommandContext,
  ): Promise<Card> {
    return this.cards.create(accountId, card, contexts[0]);
  }

  @MessagePattern(UpdateCard.name)
  update(
    @Payload() { accountId, cardId, patch }: RequestOf<typeof UpdateCard>,
    @Ctx() { contexts }: CommandContext,
  ): Promise<Card> {
    return this.cards.update(accountId, cardId, patch, contexts[0]);
  }

  @MessagePattern(GetCard.name)
  get(@Payload() requests: RequestOf<typeof GetCard>[]): Promise<(Card | DomainError)[]> {
    return this.cards.get(requests);
  }

  @MessagePattern(ListCards.name)
  list(@Payload() request: RequestOf<typeof ListCards>): Promise<ReplyOf<typeof ListCards>> {
    return this.cards.list(request);
  }
}

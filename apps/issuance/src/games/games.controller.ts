import { Controller, UsePipes } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import {
  GetPlayer,
  Play,
  type DomainError,
  type PlayOutcome,
  type ReplyOf,
  type RequestOf,
} from '@tearoff/contracts';
import type { CommandContext } from '@tearoff/messaging';
import { StorablePipe } from '@tearoff/service-kit';
import { GamesService } from './games.service';

@Controller()
@UsePipes(StorablePipe)
export class GamesController {
  constructor(private readonly games: GamesService) {}

  @MessagePattern(Play.name)
  play(
    @Payload() requests: RequestOf<typeof Play>[],
    @Ctx() { contexts }: CommandContext,
  ): Promise<(PlayOutcome | DomainError)[]> {
    return this.games.play(requests, contexts);
  }

  @MessagePattern(GetPlayer.name)
  player(@Payload() { playerId }: RequestOf<typeof GetPlayer>): Promise<ReplyOf<typeof GetPlayer>> {
    return this.games.player(playerId);
  }
}

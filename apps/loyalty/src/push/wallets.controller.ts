import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  GetWalletOptions,
  GetWalletRound,
  PushToCard,
  type RequestOf,
  type WalletOptions,
  type WalletRound,
} from '@tearoff/contracts';
import { WalletSettings } from '../wallet.settings';
import { WalletRounds } from './wallet-rounds.service';

@Controller()
export class WalletsController {
  constructor(
    private readonly rounds: WalletRounds,
    private readonly settings: WalletSettings,
  ) {}

  @MessagePattern(GetWalletOptions.name)
  options(): WalletOptions {
    const { apple, google } = this.settings;
    return { apple: { development: apple.certificate === null }, google: google !== null };
  }

  @MessagePattern(PushToCard.name)
  push(@Payload() { accountId, cardId, message }: RequestOf<typeof PushToCard>): Promise<WalletRound> {
    return this.rounds.begin(accountId, cardId, message);
  }

  @MessagePattern(GetWalletRound.name)
  round(@Payload() { accountId, cardId, jobId }: RequestOf<typeof GetWalletRound>): Promise<WalletRound> {
    return this.rounds.get(accountId, cardId, jobId);
  }
}

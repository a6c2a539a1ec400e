import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { conflict, GetGoogleLink, type ReplyOf, type RequestOf } from '@tearoff/contracts';
import { DataSource } from 'typeorm';
import { PassesService } from '../passes/passes.service';
import { googleAway, GooglePasses } from './google.passes';

@Controller()
export class GoogleController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly service: PassesService,
    private readonly passes: GooglePasses,
  ) {}

  @MessagePattern(GetGoogleLink.name)
  async link(
    @Payload() { subject }: RequestOf<typeof GetGoogleLink>,
  ): Promise<ReplyOf<typeof GetGoogleLink>> {
    if (!this.passes.isConfigured)
      throw conflict('wallet.google_not_configured', 'Google Wallet is not set up on this installation.');
    const { pass } = await this.service.open(subject);
    // Known as a wallet before it is filled: what changes from here on is told.
    await this.dataSource.query(
      `with wallet as (insert into wallet (id, kind, address) values ($1, 'google', $2) on conflict do nothing)
       insert into wallet_pass (wallet_id, pass_id) values ($1, $2) on conflict do nothing`,
      [`google:${pass.id}`, pass.id],
    );
    const filled = await this.service.fill(pass);
    const answer = await this.passes.put(filled);
    if (answer.status >= 300) throw googleAway(answer);
    return { url: this.passes.linkTo(filled) };
  }
}

import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isGone } from '../passes/coupon.reader';
import { PassEntity } from '../passes/pass.entity';
import { PassesService } from '../passes/passes.service';
import type { ClaimedWallet, PushResult } from '../push/wallet.sender';
import type { GoogleAnswer } from './google.client';
import { GoogleMessages } from './google-messages';
import { GooglePasses } from './google.passes';

/** Brings a pass at Google up to date, and its messages to anyone who has it. `address`: the pass. */
@Injectable()
export class GoogleSender {
  constructor(
    private readonly dataSource: DataSource,
    private readonly service: PassesService,
    private readonly passes: GooglePasses,
    private readonly messages: GoogleMessages,
  ) {}

  async tell({ id, address }: ClaimedWallet): Promise<PushResult> {
    try {
      if (!this.passes.isConfigured) return { verdict: 'pushed' };
      const pass = await this.dataSource.manager.findOneBy(PassEntity, { id: address });
      if (!pass) return { verdict: 'gone' };
      if (pass.erasedAt) return await this.forget(pass);
      const failure = failureOf(await this.passes.put(await this.service.fill(pass)));
      if (failure) return failure;
      const again = await this.messages.send(id, pass);
      return { verdict: 'pushed', ...(again && { again }) };
    } catch (error) {
      if (isGone(error)) return { verdict: 'gone' };
      return { verdict: 'later', why: String(error) };
    }
  }

  private async forget(pass: PassEntity): Promise<PushResult> {
    const failure = failureOf(await this.passes.blank(pass));
    if (failure) return failure;
    await this.dataSource.manager.delete(PassEntity, { id: pass.id });
    return { verdict: 'gone' };
  }
}

const failureOf = ({ status, body, retryAfterMs: afterMs }: GoogleAnswer): PushResult | null =>
  status < 300
    ? null
    : { verdict: 'later', why: `Google Wallet answered ${status}: ${body.error?.message}`, afterMs };

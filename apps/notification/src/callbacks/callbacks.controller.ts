import { Controller, Logger } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { RecordCallback, type ReplyOf, type RequestOf } from '@tearoff/contracts';
import { KeywordsService } from '../keywords/keywords.service';
import { RefusedCallbacks } from './refused-callbacks';
import { StatusesService } from './statuses.service';
import { inboundIn, statusIn } from './vonage.callbacks';
import { VonageSignatures } from './vonage.signatures';

@Controller()
export class CallbacksController {
  private readonly log = new Logger(CallbacksController.name);
  private readonly refused = new RefusedCallbacks();

  constructor(
    private readonly signatures: VonageSignatures,
    private readonly statuses: StatusesService,
    private readonly keywords: KeywordsService,
  ) {}

  /** What is signed and means nothing to us is accepted too: refused, it would be told again for a day. */
  @MessagePattern(RecordCallback.name)
  async record(
    @Payload() callback: RequestOf<typeof RecordCallback>,
  ): Promise<ReplyOf<typeof RecordCallback>> {
    const verdict = this.signatures.verify(callback);
    if (!verdict.signed) {
      this.refused.add(callback.kind, verdict.reason);
      return { outcome: 'refused', reason: verdict.reason };
    }
    const report = callback.kind === 'status' ? statusIn(verdict.fields) : null;
    const message = callback.kind === 'inbound' ? inboundIn(verdict.fields) : null;
    if (report) await this.statuses.record(report);
    else if (message) await this.keywords.receive(message);
    else this.log.log(`a ${callback.kind} callback of a kind that means nothing here was ignored`);
    return { outcome: 'accepted' };
  }
}

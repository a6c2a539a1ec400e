import { Injectable } from '@nestjs/common';
import { newId, PersonErased, type MessageContext, type PersonRef } from '@tearoff/contracts';
import { Outbox } from '@tearoff/messaging';
import type { Caller } from '../api-keys/caller';

@Injectable()
export class Erasures {
  constructor(private readonly outbox: Outbox) {}

  /** Has all services forget her; the erasure's id. */
  async erase({ accountId }: Caller, person: PersonRef, context: MessageContext): Promise<string> {
    const erasureId = newId('erasure');
    const item = { erasureId, accountId, person, at: new Date().toISOString() };
    await this.outbox.transaction((tx) => this.outbox.add(tx, PersonErased, [item], { contexts: [context] }));
    return erasureId;
  }
}

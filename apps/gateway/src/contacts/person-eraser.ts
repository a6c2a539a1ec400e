import { Injectable } from '@nestjs/common';
import { newId, PersonErased, type PersonRef } from '@tearoff/contracts';
import { Outbox } from '@tearoff/messaging';

/** Forgets a person wherever an account keeps anything of her. */
@Injectable()
export class PersonEraser {
  constructor(private readonly outbox: Outbox) {}

  /** Returns once it is certain that she will be forgotten. */
  async erase(accountId: string, person: PersonRef): Promise<void> {
    const erased = { erasureId: newId('erasure'), accountId, person, at: new Date().toISOString() };
    await this.outbox.transaction((tx) => this.outbox.add(tx, PersonErased, [erased]));
  }
}

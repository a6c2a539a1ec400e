import { Injectable } from '@nestjs/common';
import {
  DomainError,
  FindContact,
  unavailable,
  type MessageContext,
  type PersonRef,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';

/** Of the contact that has the name: what else she is known by in the account. */
@Injectable()
export class KnownNames {
  constructor(private readonly commands: CommandClient) {}

  /** One name each, the one that is asked for first. Fails with `service.unavailable`. */
  async of(accountId: string, person: PersonRef, context: MessageContext): Promise<PersonRef[]> {
    const contact = await this.commands
      .send(FindContact, { accountId, ...person }, { context })
      .catch((error: unknown) => {
        throw away('automation', error);
      });
    const others: PersonRef[] = [];
    if (contact?.email && contact.email !== person.email) others.push({ email: contact.email });
    if (contact?.phone && contact.phone !== person.phone) others.push({ phone: contact.phone });
    if (contact?.externalId && contact.externalId !== person.externalId)
      others.push({ externalId: contact.externalId });
    return [person, ...others];
  }
}

/** The error, or where a service cannot be asked, one that names it. */
export const away = (service: string, error: unknown): unknown =>
  error instanceof DomainError && error.kind === 'unavailable'
    ? unavailable('service.unavailable', `The ${service} service cannot be asked right now. Try again.`, {
        service,
      })
    : error;

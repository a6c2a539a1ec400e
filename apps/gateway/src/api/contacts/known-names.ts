import { Injectable } from '@nestjs/common';
import {
  addressesOfPerson,
  DomainError,
  FindContact,
  unavailable,
  type MessageContext,
  type PersonRef,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';

/** Of the contact that has the name: what else they are known by in the account. */
@Injectable()
export class KnownNames {
  constructor(private readonly commands: CommandClient) {}

  /** One name each, the one that is asked for first; a phone in every form of it. Fails with `service.unavailable`. */
  async of(accountId: string, person: PersonRef, context: MessageContext): Promise<PersonRef[]> {
    const contact = await this.commands
      .send(FindContact, { accountId, ...person }, { context })
      .catch((error: unknown) => {
        throw away('automation', error);
      });
    const others: PersonRef[] = [];
    if (contact?.email && contact.email !== person.email) others.push({ email: contact.email });
    if (contact?.externalId && contact.externalId !== person.externalId)
      others.push({ externalId: contact.externalId });
    const phones = [person.phone, contact?.phone].flatMap((phone) => (phone ? addressesOfPerson(phone) : []));
    for (const phone of new Set(phones)) if (phone !== person.phone) others.push({ phone });
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

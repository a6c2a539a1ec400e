import { Injectable } from '@nestjs/common';
import { DomainError, FindContact, GetCoupon, type Contact, type ContactInput } from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';
import type { RunState } from './run';

/** Whom runs are about: looked up once, before a run's first step. */
@Injectable()
export class People {
  constructor(private readonly commands: CommandClient) {}

  /** The same runs; those that have just begun with all that is known of their person. */
  of(runs: readonly RunState[]): Promise<RunState[]> {
    return Promise.all(runs.map((run) => (run.turn === 0 ? this.ofNew(run) : Promise.resolve(run))));
  }

  private async ofNew(run: RunState): Promise<RunState> {
    const { contactId, params } = run.happening;
    if (contactId) {
      const kept = await this.contact(run, contactId);
      return kept ? { ...run, contact: { ...fieldsOf(kept), ...run.contact } } : run;
    }
    if (run.contact || typeof params.couponId !== 'string') return run;
    const contact = await this.recipient(run, params.couponId);
    return contact ? { ...run, contact } : run;
  }

  private contact({ accountId, context }: RunState, id: string): Promise<Contact | null> {
    return unlessAway(this.commands.send(FindContact, { accountId, id }, { context: context ?? undefined }));
  }

  private async recipient({ accountId, context }: RunState, couponId: string): Promise<ContactInput | null> {
    const coupon = await unlessAway(
      this.commands.send(GetCoupon, { accountId, couponId }, { context: context ?? undefined }),
    );
    return coupon && coupon.recipient;
  }
}

/** Null when no one is known by it; an owner that is away may know them later. */
async function unlessAway<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof DomainError && error.kind !== 'unavailable') return null;
    throw error;
  }
}

function fieldsOf({
  phone,
  email,
  externalId,
  firstName,
  lastName,
  languageCode,
  timezone,
  fields,
}: Contact): ContactInput {
  const told = { phone, email, externalId, firstName, lastName, languageCode, timezone };
  const known = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== null));
  return { ...known, ...(Object.keys(fields).length > 0 && { fields }) };
}

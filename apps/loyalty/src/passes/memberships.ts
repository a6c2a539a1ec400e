import { Injectable } from '@nestjs/common';
import {
  GetCard,
  GetCardPage,
  GetEnrolment,
  GetMember,
  type Card,
  type Enrolment,
  type Member,
} from '@tearoff/contracts';
import { CommandClient } from '@tearoff/messaging';

/** A member on a card, with all that a pass shows of it. */
export interface Membership {
  card: Card;
  member: Member;
  enrolment: Enrolment;
}

/** Reads memberships as they stand; fails with `enrolment.not_found` and the like. */
export abstract class Memberships {
  abstract byToken(token: string): Promise<Membership>;
  abstract byIds(ids: { accountId: string; cardId: string; memberId: string }): Promise<Membership>;
}

/** Asks as anyone else would: passes know nothing of how members and their ledger are kept. */
@Injectable()
export class AskedMemberships extends Memberships {
  constructor(private readonly commands: CommandClient) {
    super();
  }

  async byToken(token: string): Promise<Membership> {
    const { card, member, enrolment } = await this.commands.send(GetCardPage, { token });
    return { card, member, enrolment };
  }

  async byIds(ids: { accountId: string; cardId: string; memberId: string }): Promise<Membership> {
    const { accountId, cardId, memberId } = ids;
    const [card, member, enrolment] = await Promise.all([
      this.commands.send(GetCard, { accountId, cardId, withMembers: false }),
      this.commands.send(GetMember, { accountId, memberId }),
      this.commands.send(GetEnrolment, { accountId, cardId, memberId }),
    ]);
    return { card, member, enrolment };
  }
}

import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { PersonErased, type PersonErasedItem } from '@tearoff/contracts';
import { DeadLetters, type EventContext } from '@tearoff/messaging';
import { newToken } from '../enrolments/token';
import { memberPhoneKey, phoneKey, readableNames } from '../members/member-names';
import { Erasure } from '../passes/erasure';

/**
 * Forgets who a member is. Their ledger stays, for it is the account's money, under an id that names no one; the link to
 * their card's page dies, for anyone who has it is them.
 */
@Controller()
export class ErasureConsumer {
  constructor(
    private readonly passes: Erasure,
    private readonly deadLetters: DeadLetters,
  ) {}

  @EventPattern<string>(PersonErased.type)
  async onErased(@Payload() items: PersonErasedItem[], @Ctx() { tx }: EventContext): Promise<void> {
    for (const { accountId, person } of items) {
      const { phone, email, externalId } = readableNames(person);
      const [members] = (await tx.query(
        `update member m set phone = null, email = null, external_id = null, first_name = null, last_name = null,
           birthday = null, gender = 'unknown', city = null, language_code = null, password_hash = null, search = ''
         where account_id = $1 and (${memberPhoneKey} = $2 or email = $3 or external_id = $4) returning id`,
        [accountId, phoneKey(phone), email, externalId],
      )) as [{ id: string }[], number];
      for (const { id } of members) {
        const enrolments = (await tx.query(
          `select card_id from enrolment where account_id = $1 and member_id = $2 order by card_id for update`,
          [accountId, id],
        )) as { card_id: string }[];
        for (const { card_id } of enrolments)
          await tx.query(`update enrolment set token = $3 where card_id = $1 and member_id = $2`, [
            card_id,
            id,
            newToken(),
          ]);
        await this.passes.forgetMember(
          tx,
          id,
          enrolments.map(({ card_id }) => card_id),
        );
      }
      const names = [phone, email, externalId].filter((name) => name !== null);
      await this.deadLetters.erase(tx, accountId, names);
    }
  }
}

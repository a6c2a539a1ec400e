import { Injectable } from '@nestjs/common';
import type { ExportFromLoyalty, ReplyOf, RequestOf } from '@tearoff/contracts';
import { DataSource, In } from 'typeorm';
import { EnrolmentEntity } from '../enrolments/enrolment.entity';
import { EnrolmentsService } from '../enrolments/enrolments.service';
import { EntryEntity, entryOf } from '../ledger/entry.entity';
import { MemberEntity, memberOf } from '../members/member.entity';
import { memberPhoneKey, phoneKey, readableNames } from '../members/member-names';
import { RewardIssueEntity, rewardIssueOf } from '../rewards/reward-issue.entity';

const most = 10_000;

/** What is kept of a person, as the API shows it. */
@Injectable()
export class ExportService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly enrolments: EnrolmentsService,
  ) {}

  async export({
    accountId,
    person,
  }: RequestOf<typeof ExportFromLoyalty>): Promise<ReplyOf<typeof ExportFromLoyalty>> {
    const { manager } = this.dataSource;
    const { phone, email, externalId } = readableNames(person);
    const members = await manager
      .createQueryBuilder(MemberEntity, 'm')
      .where('m.accountId = :accountId', { accountId })
      .andWhere(`(${memberPhoneKey} = :phone or m.email = :email or m.externalId = :externalId)`, {
        phone: phoneKey(phone),
        email,
        externalId,
      })
      .getMany();
    const ids = members.map(({ id }) => id);
    const enrolled = await manager.findBy(EnrolmentEntity, { accountId, memberId: In(ids) });
    const where = { cardId: In(enrolled.map(({ cardId }) => cardId)), memberId: In(ids) };
    const [views, entries, rewards] = await Promise.all([
      this.enrolments.views(enrolled),
      manager.find(EntryEntity, { where, order: { at: 'desc', seq: 'desc' }, take: most }),
      manager.find(RewardIssueEntity, { where, order: { id: 'desc' }, take: most }),
    ]);
    return {
      held: {
        members: members.map(memberOf),
        // The token opens the page to anyone who has it, and this may travel further than they do.
        cards: views.map(({ token: _token, ...rest }) => rest),
        points: entries.map(entryOf),
        rewards: rewards.map(rewardIssueOf),
      },
    };
  }
}

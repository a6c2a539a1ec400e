import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { newId, PassChangeDue, type PassSubject } from '@tearoff/contracts';
import { Outbox } from '@tearoff/messaging';
import { DataSource } from 'typeorm';
import { pushQueue } from '../push/due';
import { CouponReader } from './coupon.reader';
import { Memberships, type Membership } from './memberships';
import { namesOf } from './names';
import { cardContent, type PassContent } from './pass-content';
import { PassEntity } from './pass.entity';

export interface FilledPass {
  pass: PassEntity;
  content: PassContent;
}

type New = Pick<PassEntity, 'accountId' | 'pageToken'> &
  Partial<Pick<PassEntity, 'couponId' | 'campaignId' | 'cardId' | 'memberId'>>;

/** The passes that were asked for, each with what it shows at this moment. */
@Injectable()
export class PassesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
    private readonly coupons: CouponReader,
    private readonly memberships: Memberships,
  ) {}

  /** The subject's pass, made when it is asked for first. Fails with `coupon.not_found`, `enrolment.not_found`. */
  async open(subject: PassSubject): Promise<FilledPass> {
    if ('couponToken' in subject) {
      const { coupon, content } = await this.coupons.read(subject.couponToken);
      const { id: couponId, accountId, campaignId, token: pageToken, recipient } = coupon;
      const pass = await this.findOrMake({ accountId, couponId, campaignId, pageToken }, namesOf(recipient));
      return this.timed(pass, content);
    }
    const membership =
      'cardToken' in subject
        ? await this.memberships.byToken(subject.cardToken)
        : await this.memberships.byIds(subject);
    const { card, member, enrolment } = membership;
    const keys = { accountId: card.accountId, cardId: card.id, memberId: member.id };
    const pass = await this.findOrMake({ ...keys, pageToken: enrolment.token }, namesOf(member));
    return this.timed(pass, cardContent(membership));
  }

  /** What a pass shows now. Fails as its owners do. */
  async fill(pass: PassEntity): Promise<FilledPass> {
    if (pass.couponId !== null) return this.timed(pass, (await this.coupons.read(pass.pageToken)).content);
    const { accountId, cardId, memberId } = pass;
    const membership: Membership = await this.memberships.byIds({
      accountId,
      cardId: cardId!,
      memberId: memberId!,
    });
    return this.timed(pass, cardContent(membership));
  }

  /**
   * As `open` and `fill`, for someone who keeps what he gets: the next change is given a later second. Marked before
   * the content is read, so that what changes meanwhile counts as a change.
   */
  async serve(pass: PassEntity): Promise<FilledPass> {
    const [rows] = (await this.dataSource.query(
      `update pass set served = true where id = $1 returning changed_at`,
      [pass.id],
    )) as [{ changed_at: Date }[], number];
    const changedAt = rows[0]?.changed_at ?? pass.changedAt;
    return this.fill({ ...pass, changedAt });
  }

  private async findOrMake(made: New, names: readonly string[]): Promise<PassEntity> {
    const repository = this.dataSource.getRepository(PassEntity);
    const key = made.couponId
      ? { couponId: made.couponId }
      : { cardId: made.cardId!, memberId: made.memberId! };
    const known = await repository.findOneBy(key);
    if (known) return known;
    const id = newId('pass');
    await this.dataSource.query(
      `with made as (
         insert into pass (id, account_id, coupon_id, campaign_id, card_id, member_id, page_token, auth_token, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, date_trunc('second', clock_timestamp()))
         on conflict do nothing returning id, account_id)
       insert into pass_name (account_id, name, pass_id)
       select account_id, name, id from made, unnest($9::text[]) as name on conflict do nothing`,
      [
        id,
        made.accountId,
        made.couponId ?? null,
        made.campaignId ?? null,
        made.cardId ?? null,
        made.memberId ?? null,
        made.pageToken,
        randomBytes(24).toString('base64url'),
        names,
      ],
    );
    return repository.findOneByOrFail(key);
  }

  /** Sees to it that the wallets hear of a beginning or an end that no one tells of. */
  private async timed(pass: PassEntity, content: PassContent): Promise<FilledPass> {
    const { turnsAt } = content;
    if (turnsAt && turnsAt.getTime() !== pass.turnsAt?.getTime())
      await this.outbox.transaction(async (tx) => {
        const [rows] = (await tx.query(
          `update pass set turns_at = $2 where id = $1 and turns_at is distinct from $2 returning id`,
          [pass.id, turnsAt],
        )) as [unknown[], number];
        // A second more, so that it is over when someone looks.
        const availableAt = new Date(turnsAt.getTime() + 1_000);
        if (rows.length > 0)
          await this.outbox.add(tx, PassChangeDue, [{ passId: pass.id }], { queue: pushQueue, availableAt });
      });
    return { pass, content };
  }
}

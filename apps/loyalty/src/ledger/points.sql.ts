import type { PreparedStatement } from '@tearoff/service-kit';
import { memberPhoneKey } from '../members/member-names';

export interface Resolved {
  pos: number;
  card_id: string | null;
  member_id: string | null;
  enrolled: boolean;
  active: boolean;
}

/** Whose points each request means: at most one of the five names is told. */
export const resolveStatement: PreparedStatement = {
  name: 'points-resolve',
  text: `select q.pos, c.id as card_id, c.active, w.member_id, e.member_id is not null as enrolled
    from unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
      as q (pos, account_id, card_id, member_id, number, phone, email, external_id)
    left join card c on c.id = q.card_id and c.account_id = q.account_id
    left join lateral (
      select id as member_id from member m where m.account_id = q.account_id and m.id = q.member_id
      union all select id from member m where m.account_id = q.account_id and ${memberPhoneKey} = q.phone
      union all select id from member m where m.account_id = q.account_id and m.email = q.email
      union all select id from member m where m.account_id = q.account_id and m.external_id = q.external_id
      union all select n.member_id from enrolment n
        where n.account_id = q.account_id and n.number = q.number and n.card_id = q.card_id
      limit 1
    ) w on true
    left join enrolment e on e.card_id = c.id and e.member_id = w.member_id`,
};

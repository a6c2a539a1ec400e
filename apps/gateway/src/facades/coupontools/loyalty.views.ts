import type { Card, Enrolment, FoundMember, Member } from '@tearoff/contracts';
import { cardUrl } from '../../api/loyalty/loyalty.view';
import { timeOf } from './views';

export const loyaltyInfo = ({ id, name, kind, design, active, createdAt }: Card) => ({
  ID: id,
  code: id,
  name,
  title: design.title ?? '',
  type: kind,
  status: active ? 'active' : 'inactive',
  created_date_utc: timeOf(createdAt),
});

/** What a client may have set, but the password. */
export const userInfo = (member: Member) => ({
  ID: member.id,
  email: member.email ?? '',
  phone: member.phone ?? '',
  first_name: member.firstName ?? '',
  last_name: member.lastName ?? '',
  gender: member.gender,
  birthday: member.birthday ?? '',
  city: member.city ?? '',
  created_date_utc: timeOf(member.createdAt),
});

export const cardOfUser = (
  { number, balance, pending, tier, token, enrolledAt }: Enrolment,
  publicUrl: string,
) => ({
  card_number: number,
  card_url: cardUrl(token, publicUrl),
  balance,
  pending,
  level: tier ?? '',
  linked_date_utc: timeOf(enrolledAt),
});

export const userOnCard = ({ member, enrolment }: FoundMember, publicUrl: string) => ({
  ...userInfo(member),
  ...(enrolment && cardOfUser(enrolment, publicUrl)),
});

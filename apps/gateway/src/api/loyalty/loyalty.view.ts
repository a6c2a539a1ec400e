import type { Enrolment, FoundMember, Member } from '@tearoff/contracts';
import { withoutAccount } from '../../http/views';

/** The token is shown as part of the address alone. */
export const enrolmentView = ({ accountId: _, token, ...enrolment }: Enrolment, publicUrl: string) => ({
  ...enrolment,
  url: cardUrl(token, publicUrl),
});

export const cardUrl = (token: string, publicUrl: string): string => `${publicUrl}/l/${token}`;

export const memberView = (member: Member) => withoutAccount(member);

export const foundView = ({ member, enrolment }: FoundMember, publicUrl: string) => ({
  ...memberView(member),
  enrolment: enrolment && enrolmentView(enrolment, publicUrl),
});

import { Type, type Static } from '@sinclair/typebox';
import { Card } from './cards';
import { defineCommand, defineEvent } from './definitions';
import { LedgerEntry } from './points';
import { RewardIssue } from './rewards';
import { Id, Instant, Nullable, OneOf, Page, PageRequest, PersonName, PhoneCountry } from './values';

export const genders = ['male', 'female', 'unknown'] as const;

const memberFields = {
  phone: Type.Optional(Type.String({ minLength: 1, maxLength: 50 })),
  email: Type.Optional(Type.String({ minLength: 1, maxLength: 320 })),
  externalId: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  /** ISO 3166-1 alpha-2: how to read a phone number that is written without its country. */
  country: Type.Optional(PhoneCountry()),
  firstName: Type.Optional(PersonName()),
  lastName: Type.Optional(PersonName()),
  birthday: Type.Optional(Type.String({ format: 'date' })),
  gender: Type.Optional(OneOf(genders)),
  city: Type.Optional(Type.String({ maxLength: 200 })),
  languageCode: Type.Optional(
    Type.String({ maxLength: 35, description: 'BCP 47; kept in its canonical form.' }),
  ),
  /** Kept hashed with a memory-hard function (RFC 9106 or scrypt, RFC 7914), never shown. */
  password: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
};

/** The body of `POST /v1/loyalty/members`; at least one of phone, e-mail, externalId. */
export const MemberInput = Type.Object(memberFields);
export type MemberInput = Static<typeof MemberInput>;
/** JSON merge patch (RFC 7396): null takes away. */
export const MemberPatch = Type.Object({
  ...memberFields,
  phone: Type.Optional(Nullable(memberFields.phone)),
  email: Type.Optional(Nullable(memberFields.email)),
  externalId: Type.Optional(Nullable(memberFields.externalId)),
  firstName: Type.Optional(Nullable(memberFields.firstName)),
  lastName: Type.Optional(Nullable(memberFields.lastName)),
  birthday: Type.Optional(Nullable(memberFields.birthday)),
  city: Type.Optional(Nullable(memberFields.city)),
  languageCode: Type.Optional(Nullable(memberFields.languageCode)),
});
export type MemberPatch = Static<typeof MemberPatch>;

/** A person on an account's loyalty cards: phone in E.164, e-mail case-folded, each unique in the account. */
export const Member = Type.Object({
  id: Id('member'),
  accountId: Id('account'),
  phone: Nullable(Type.String()),
  email: Nullable(Type.String()),
  externalId: Nullable(Type.String()),
  firstName: Nullable(Type.String()),
  lastName: Nullable(Type.String()),
  birthday: Nullable(Type.String()),
  gender: OneOf(genders),
  city: Nullable(Type.String()),
  languageCode: Nullable(Type.String()),
  createdAt: Instant(),
  updatedAt: Instant(),
});
export type Member = Static<typeof Member>;

const withMember = { accountId: Id('account'), memberId: Type.String({ maxLength: 48 }) };
const withCard = { accountId: Id('account'), cardId: Type.String({ maxLength: 48 }) };

/**
 * Fails with `member.exists` (conflict; `details.memberId` and `details.path` of the name that is taken),
 * `recipient.invalid_phone|invalid_email|missing`, `member.invalid`.
 */
export const CreateMember = defineCommand('loyalty', 'member.create', {
  deadlineMs: 10_000,
  request: Type.Object({ accountId: Id('account'), member: MemberInput }),
  reply: Member,
});
/** Fails with `member.not_found` and as `CreateMember`. */
export const UpdateMember = defineCommand('loyalty', 'member.update', {
  deadlineMs: 10_000,
  request: Type.Object({ ...withMember, patch: MemberPatch }),
  reply: Member,
});
/** Fails with `member.not_found`. */
export const GetMember = defineCommand('loyalty', 'member.get', {
  batch: true,
  request: Type.Object(withMember),
  reply: Member,
});

/** A member on a card. `tier` is a level's name. `token` makes the card's page (`/l/{token}`); never shown itself. */
export const Enrolment = Type.Object({
  cardId: Id('card'),
  memberId: Id('member'),
  accountId: Id('account'),
  token: Type.String(),
  /** What a till reads off the card: digits with a check digit (ISO 7064), unique in the account. */
  number: Type.String(),
  /** What can be spent now. */
  balance: Type.Integer(),
  pending: Type.Integer(),
  /** Taken back after it was spent: the next awards pay it. 0 by default. */
  debt: Type.Optional(Type.Integer()),
  tier: Nullable(Type.String()),
  /** Points that go next, and when; null where none do. */
  expiring: Nullable(Type.Object({ points: Type.Integer(), at: Instant() })),
  enrolledAt: Instant(),
  lastActivityAt: Instant(),
});
export type Enrolment = Static<typeof Enrolment>;

/** `enrolled`: on which of the card's; null where the search named no card. */
export const FoundMember = Type.Object({ member: Member, enrolment: Nullable(Enrolment) });
export type FoundMember = Static<typeof FoundMember>;

/**
 * `q`, of three characters or more: a part of a first or last name, e-mail, phone or id, in any case. `cardId`: those
 * on that card. Without `q` all of them, newest first. Fails with `card.not_found`, `request.invalid_cursor`.
 */
export const SearchMembers = defineCommand('loyalty', 'member.search', {
  request: Type.Object({
    accountId: Id('account'),
    q: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    cardId: Type.Optional(Type.String({ maxLength: 48 })),
    ...PageRequest,
  }),
  reply: Page(FoundMember),
});

/** Puts a member on a card; again = the enrolment that stands. Fails with `card.not_found`, `card.not_active`, `member.not_found`. */
export const EnrolMember = defineCommand('loyalty', 'enrolment.create', {
  request: Type.Object({ ...withCard, memberId: Type.String({ maxLength: 48 }) }),
  reply: Type.Object({ enrolment: Enrolment, repeated: Type.Boolean() }),
});
/** By member, or by the number on the card. Fails with `card.not_found`, `enrolment.not_found`. */
export const GetEnrolment = defineCommand('loyalty', 'enrolment.get', {
  batch: true,
  request: Type.Object({
    ...withCard,
    memberId: Type.Optional(Type.String({ maxLength: 48 })),
    number: Type.Optional(Type.String({ maxLength: 100 })),
  }),
  reply: Enrolment,
});
/** What the card's page shows, by its token: the last 20 entries and rewards. Fails with `enrolment.not_found`. */
export const GetCardPage = defineCommand('loyalty', 'enrolment.page', {
  batch: true,
  request: Type.Object({ token: Type.String({ minLength: 1, maxLength: 64 }) }),
  reply: Type.Object({
    card: Card,
    member: Member,
    enrolment: Enrolment,
    entries: Type.Array(LedgerEntry),
    rewards: Type.Array(RewardIssue),
  }),
});

/** Fires when a member came onto a card. */
export const MemberEnrolled = defineEvent(
  'loyalty',
  'member.enrolled.v1',
  Type.Object({
    accountId: Id('account'),
    cardId: Id('card'),
    memberId: Id('member'),
    phone: Nullable(Type.String()),
    email: Nullable(Type.String()),
    externalId: Nullable(Type.String()),
    firstName: Nullable(Type.String()),
    languageCode: Nullable(Type.String()),
    at: Instant(),
  }),
);

import { Type, type Static } from '@sinclair/typebox';
import {
  ChangePoints,
  Enrolment,
  Id,
  LedgerEntry,
  Member,
  MemberInput,
  MemberPatch,
  Nullable,
  RedeemReward,
  RewardIssue,
} from '@tearoff/contracts';
import { strict } from '../../http/validation/hot-route';
import { mergePatchOf, withoutAccount } from '../../http/openapi/shapes';

export const MemberBody = strict(MemberInput);
export const MemberPatchBody = strict(MemberPatch);

const { amount, reference, reason, storeId, enrol } = ChangePoints.request.properties;
const { cardId, number, phone, email, externalId } = ChangePoints.request.properties;
const movement = { amount, reference, reason, storeId, enrol };
export const PointsBody = strict(Type.Object(movement));
export const TillPointsBody = strict(Type.Object({ cardId, number, phone, email, externalId, ...movement }));
export type TillPoints = Static<typeof TillPointsBody>;

const { reference: rewardReference, channel } = RedeemReward.request.properties;
export const RewardBody = strict(Type.Object({ reference: rewardReference, channel }));

const EnrolmentView = Type.Object({
  ...Type.Omit(Enrolment, ['accountId', 'token']).properties,
  url: Type.String({ description: 'Their live card.' }),
});

/** The shapes of people on cards, by their names in the OpenAPI document. */
export const memberSchemas = {
  MemberInput: MemberBody,
  MemberPatch: mergePatchOf(MemberPatchBody),
  Member: withoutAccount(Member),
  FoundMember: Type.Object({
    ...withoutAccount(Member).properties,
    enrolment: Nullable(EnrolmentView),
  }),
  Enrolment: EnrolmentView,
  EnrolmentAnswer: Type.Object({ ...EnrolmentView.properties, repeated: Type.Boolean() }),
  PointsInput: PointsBody,
  TillPointsInput: TillPointsBody,
  PointsAnswer: Type.Object({
    entryId: Id('entry'),
    memberId: Id('member'),
    amount: Type.Integer({
      description: 'What was entered; of a repeated reference, what was entered then.',
    }),
    balance: Type.Integer({ description: 'What can be spent now.' }),
    pending: Type.Integer({ description: 'What cannot be spent yet.' }),
    repeated: Type.Boolean(),
  }),
  LedgerEntry: withoutAccount(LedgerEntry),
  RewardRequest: RewardBody,
  RewardIssue: withoutAccount(RewardIssue),
};

import { Type } from '@sinclair/typebox';
import { issueChannels, ListRow, MessageOverride, OneOf, RecipientInput, Source } from '@tearoff/contracts';
import { strict } from '../http/hot-route';

const { code, offerId, source, metadata } = ListRow.properties;

/** One recipient of a list, as a caller writes her. */
export const DistributionRow = strict(
  Type.Object({ ...RecipientInput.properties, code, offerId, source, metadata }),
);

const list = {
  channel: OneOf(issueChannels),
  message: Type.Optional(MessageOverride),
  source: Type.Optional(Source),
};

/** The body as documented. */
export const DistributionRequest = strict(
  Type.Object({ ...list, recipients: Type.Array(DistributionRow, { minItems: 1 }) }),
);

/** The body as it is judged: a recipient that is not as she should be is a fault of her own, not of the list. */
export const DistributionBody = strict(
  Type.Object({ ...list, recipients: Type.Array(Type.Unknown(), { minItems: 1 }) }),
);

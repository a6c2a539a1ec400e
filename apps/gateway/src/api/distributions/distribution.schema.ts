import { Type } from '@sinclair/typebox';
import {
  issueChannels,
  ListRow,
  MessageOverride,
  Nullable,
  OneOf,
  Recipient,
  RecipientInput,
  Source,
} from '@tearoff/contracts';
import { strict } from '../../http/validation/hot-route';

const { code, offerId, source, metadata } = ListRow.properties;

/** One recipient of a list, as a caller writes them. */
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

/** The body as it is judged: a recipient that is not as they should be is a fault of their own, not of the list. */
export const DistributionBody = strict(
  Type.Object({ ...list, recipients: Type.Array(Type.Unknown(), { minItems: 1 }) }),
);

const said = Type.Object({ code: Type.String(), message: Type.String() });

/** What a list would come to. */
export const DryRun = Type.Object({
  columns: Nullable(
    Type.Array(
      Type.Object({
        header: Type.String(),
        field: Nullable(Type.String({ description: 'Null = none of ours: metadata, under its header.' })),
      }),
      { description: 'Of a CSV list.' },
    ),
  ),
  encoding: Nullable(Type.String({ description: 'Of a CSV list, such as `windows-1252`.' })),
  separator: Nullable(Type.String({ description: 'Of a CSV list.' })),
  total: Type.Integer({ minimum: 0, description: 'Rows of the list.' }),
  faults: Type.Integer({ minimum: 0, description: 'Rows that would be refused as they are.' }),
  warnings: Type.Integer({ minimum: 0 }),
  rows: Type.Array(
    Type.Union([
      Type.Object({
        line: Type.Integer(),
        recipient: Recipient,
        code: ListRow.properties.code,
        offerId: ListRow.properties.offerId,
        source: ListRow.properties.source,
        metadata: ListRow.properties.metadata,
        warning: Type.Optional(said),
      }),
      Type.Object({ line: Type.Integer(), fault: said }),
    ]),
    { description: 'The first twenty, as they were understood.' },
  ),
});

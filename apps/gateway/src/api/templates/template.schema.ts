import { Type } from '@sinclair/typebox';
import {
  MessageRecipient,
  Nullable,
  OneOf,
  PreviewTemplate,
  SendMessages,
  Template,
  TemplateInput,
  TemplatePatch,
} from '@tearoff/contracts';
import { strict } from '../../http/validation/hot-route';
import { mergePatchOf, withoutAccount } from '../../http/openapi/shapes';

export const TemplateBody = strict(TemplateInput);
export const TemplatePatchBody = strict(TemplatePatch);

const { data, languageCode } = PreviewTemplate.request.properties;
export const PreviewBody = strict(Type.Object({ data, languageCode }));

const { templateId, channel } = SendMessages.request.properties;
const message = { templateId, channel };

/** One recipient, as a caller writes them. */
export const RecipientBody = strict(MessageRecipient);

/** The body as documented. */
export const MessagesRequest = strict(
  Type.Object({ ...message, recipients: Type.Array(RecipientBody, { minItems: 1, maxItems: 1_000 }) }),
);

/** The body as it is judged: a recipient that is not as they should be harms no other. */
export const MessagesBody = strict(
  Type.Object({ ...message, recipients: Type.Array(Type.Unknown(), { minItems: 1, maxItems: 1_000 }) }),
);

/** `deliveryId` is null of a recipient whom nothing was written to. */
export const MessagesAnswer = Type.Object({
  results: Type.Array(
    Type.Object({
      recipient: Type.Partial(Type.Pick(MessageRecipient, ['phone', 'email', 'externalId'])),
      deliveryId: Nullable(Type.String()),
      status: OneOf(['queued', 'suppressed', 'refused'] as const),
      error: Nullable(Type.String({ description: 'A slug such as `recipient.invalid_phone`.' })),
      detail: Type.Optional(Type.String({ description: 'Of `recipient.invalid`: what is wrong with it.' })),
    }),
  ),
});
export type MessageAnswer = (typeof MessagesAnswer)['static']['results'][number];

/** The shapes of templates and messages, by their names in the OpenAPI document. */
export const templateSchemas = {
  TemplateInput: TemplateBody,
  TemplatePatch: mergePatchOf(TemplatePatchBody),
  Template: withoutAccount(Template),
  TemplatePreviewRequest: PreviewBody,
  TemplatePreview: PreviewTemplate.reply,
  MessagesRequest,
  MessagesAnswer,
};

import { Type, type Static } from '@sinclair/typebox';
import { messageBounds } from './bounds';
import { defineCommand } from './definitions';
import { MessageContext } from './envelope';
import { channels, FreeObject, Id, Instant, Nullable, OneOf, Page, PageRequest } from './values';

/** `push` is refused until there are wallet passes to push to. */
export const templateChannels = [...channels, 'push'] as const;
/** `velocity`: the eSputnik kind; `liquid`: that of campaigns. */
export const templateEngines = ['velocity', 'liquid'] as const;
export type TemplateEngine = (typeof templateEngines)[number];

const text = Type.String({ maxLength: 100_000 });

/** What is rendered: of an SMS the body alone; of an e-mail body (its plain text), HTML, or both. */
export const TemplateContent = Type.Object({
  subject: Type.Optional(Type.String({ maxLength: 1_000 })),
  body: Type.Optional(text),
  html: Type.Optional(text),
});
export type TemplateContent = Static<typeof TemplateContent>;

const LanguageCode = Type.String({ pattern: '^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$' });

/** By language code (BCP 47). `de` serves `de-AT` too; a variant without a subject has the template's. */
export const TemplateVariants = Type.Record(LanguageCode, TemplateContent, {
  additionalProperties: false,
  maxProperties: 50,
});
export type TemplateVariants = Static<typeof TemplateVariants>;

export const Template = Type.Object({
  id: Id('template'),
  accountId: Id('account'),
  name: Type.String(),
  channel: OneOf(channels),
  engine: OneOf(templateEngines),
  subject: Nullable(Type.String()),
  body: Nullable(Type.String()),
  html: Nullable(Type.String()),
  variants: TemplateVariants,
  /** Grows with each change. */
  version: Type.Integer(),
  createdAt: Instant(),
  updatedAt: Instant(),
});
export type Template = Static<typeof Template>;

const changeable = {
  name: Type.String({ minLength: 1, maxLength: 200 }),
  engine: Type.Optional(OneOf(templateEngines)),
  ...TemplateContent.properties,
  variants: Type.Optional(TemplateVariants),
};

/** `engine`: velocity by default. */
export const TemplateInput = Type.Object({ ...changeable, channel: OneOf(templateChannels) });
export type TemplateInput = Static<typeof TemplateInput>;

/** JSON merge patch (RFC 7396) of all but the channel; variants are merged by language. */
export const TemplatePatch = Type.Object({
  name: Type.Optional(changeable.name),
  engine: changeable.engine,
  subject: Type.Optional(Nullable(Type.String({ maxLength: 1_000 }))),
  body: Type.Optional(Nullable(text)),
  html: Type.Optional(Nullable(text)),
  variants: Type.Optional(
    Nullable(
      Type.Record(LanguageCode, Nullable(TemplateContent), {
        additionalProperties: false,
        maxProperties: 50,
      }),
    ),
  ),
});
export type TemplatePatch = Static<typeof TemplatePatch>;

const withTemplate = { accountId: Id('account'), templateId: Type.String({ maxLength: 48 }) };

/**
 * Fails with `template.invalid`, whose `errors` name the text by its path and what is wrong by line and column,
 * and `template.push_unsupported`.
 */
export const CreateTemplate = defineCommand('notification', 'template.create', {
  deadlineMs: 10_000,
  request: Type.Object({ accountId: Id('account'), template: TemplateInput }),
  reply: Template,
});
/** Fails with `template.not_found`, `template.invalid`. */
export const UpdateTemplate = defineCommand('notification', 'template.update', {
  deadlineMs: 10_000,
  request: Type.Object({ ...withTemplate, patch: TemplatePatch }),
  reply: Template,
});
/** Fails with `template.not_found`. */
export const GetTemplate = defineCommand('notification', 'template.get', {
  batch: true,
  request: Type.Object(withTemplate),
  reply: Template,
});
/** Newest first. Fails with `request.invalid_cursor`. */
export const ListTemplates = defineCommand('notification', 'template.list', {
  request: Type.Object({
    accountId: Id('account'),
    channel: Type.Optional(OneOf(channels)),
    ...PageRequest,
  }),
  reply: Page(Template),
});

/**
 * The message as it would go out, but for the unsubscribe link. `encoding`, `segments`: of an SMS. `missing`: what
 * the template names and the data lacks. Fails with `template.not_found`, `template.render_failed`.
 */
export const PreviewTemplate = defineCommand('notification', 'template.preview', {
  deadlineMs: 10_000,
  request: Type.Object({
    ...withTemplate,
    data: Type.Optional(FreeObject(500, messageBounds)),
    languageCode: Type.Optional(Type.String({ maxLength: 35 })),
  }),
  reply: Type.Object({
    subject: Nullable(Type.String()),
    text: Type.String(),
    html: Nullable(Type.String()),
    encoding: Nullable(OneOf(['gsm7', 'ucs2'] as const)),
    segments: Nullable(Type.Integer()),
    missing: Type.Array(Type.String()),
  }),
});

/** Whom one message goes to, and what its template is told. Phone numbers with their country, in any spelling. */
export const MessageRecipient = Type.Object({
  phone: Type.Optional(Type.String({ minLength: 1, maxLength: 50 })),
  email: Type.Optional(Type.String({ minLength: 1, maxLength: 320 })),
  externalId: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  languageCode: Type.Optional(Type.String({ maxLength: 35 })),
  data: Type.Optional(FreeObject(500, messageBounds)),
});
export type MessageRecipient = Static<typeof MessageRecipient>;

export const sendErrors = [
  'recipient.no_address',
  'recipient.invalid_phone',
  'recipient.invalid_email',
  'recipient.suppressed',
  'message.empty',
  'template.render_failed',
  'delivery.exists',
] as const;
export type SendError = (typeof sendErrors)[number];

/** `queued`: written, and on its way. `error` is null exactly then. */
export const SendResult = Type.Object({
  deliveryId: Id('delivery'),
  status: OneOf(['queued', 'suppressed', 'refused'] as const),
  error: Nullable(OneOf(sendErrors)),
});
export type SendResult = Static<typeof SendResult>;

/**
 * A template's message to up to 1,000 people; a result each, in their order: one that cannot be written to harms no
 * other. The caller names the deliveries: the same id again = the delivery that was written, not another. `key` says
 * the same for 30 days without the id: the result names the delivery that was first written under it. Fails with
 * `template.not_found`, `template.wrong_channel`.
 */
export const SendMessages = defineCommand('notification', 'message.send', {
  deadlineMs: 30_000,
  request: Type.Object({
    ...withTemplate,
    /** The template's own, by default; another is refused. */
    channel: Type.Optional(OneOf(channels)),
    recipients: Type.Array(
      Type.Object({
        deliveryId: Id('delivery'),
        key: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
        /** Of the request that caused this one's message, where it is not the command's. */
        context: Type.Optional(MessageContext),
        ...MessageRecipient.properties,
      }),
      { minItems: 1, maxItems: 1_000 },
    ),
  }),
  reply: Type.Object({ results: Type.Array(SendResult) }),
});

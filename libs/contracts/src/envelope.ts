import { Type, type Static } from '@sinclair/typebox';

/** What ties a message to the request that caused it. `traceparent` is W3C Trace Context. */
export const MessageContext = Type.Object({
  correlationId: Type.Optional(Type.String({ maxLength: 200 })),
  causationId: Type.Optional(Type.String({ maxLength: 200 })),
  traceparent: Type.Optional(Type.String({ maxLength: 64 })),
});
export type MessageContext = Static<typeof MessageContext>;

/** CloudEvents 1.0 "String": no control characters, no unpaired surrogates; so a database can store it as text. */
const attribute = (maxLength: number) =>
  Type.String({ minLength: 1, maxLength, pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f\\ud800-\\udfff]*$' });

/**
 * CloudEvents 1.0, structured JSON. Extension attributes: `account` (when all items are of one account),
 * `correlationid`, `causationid`, `traceparent`. `data.contexts[i]` belongs to `data.items[i]` where the
 * items of one event were caused by different requests.
 */
export const EventEnvelope = Type.Object({
  specversion: Type.Literal('1.0'),
  /** Longer than those that arrive first: an item that is handled apart adds its index, a replay its own number. */
  id: attribute(200),
  type: attribute(100),
  source: attribute(100),
  time: Type.String(),
  datacontenttype: Type.Literal('application/json'),
  account: Type.Optional(attribute(100)),
  correlationid: Type.Optional(Type.String()),
  causationid: Type.Optional(Type.String()),
  traceparent: Type.Optional(Type.String()),
  /** 1 unless this is a retry. */
  attempt: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
  data: Type.Object({
    items: Type.Array(Type.Unknown(), { minItems: 1, maxItems: 500 }),
    contexts: Type.Optional(Type.Array(Type.Union([MessageContext, Type.Null()]))),
  }),
});
export type EventEnvelope = Static<typeof EventEnvelope>;

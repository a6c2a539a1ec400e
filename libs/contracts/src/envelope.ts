import { Type, type Static } from '@sinclair/typebox';

/** What ties a message to the request that caused it. `traceparent` is W3C Trace Context. */
export const MessageContext = Type.Object({
  correlationId: Type.Optional(Type.String({ maxLength: 200 })),
  causationId: Type.Optional(Type.String({ maxLength: 200 })),
  traceparent: Type.Optional(Type.String({ maxLength: 64 })),
});
export type MessageContext = Static<typeof MessageContext>;

/**
 * CloudEvents 1.0, structured JSON. Extension attributes: `account` (when all items are of one account),
 * `correlationid`, `causationid`, `traceparent`. `data.contexts[i]` belongs to `data.items[i]` where the
 * items of one event were caused by different requests.
 */
export const EventEnvelope = Type.Object({
  specversion: Type.Literal('1.0'),
  id: Type.String({ minLength: 1, maxLength: 100 }),
  type: Type.String({ minLength: 1, maxLength: 100 }),
  source: Type.String({ minLength: 1, maxLength: 100 }),
  time: Type.String(),
  datacontenttype: Type.Literal('application/json'),
  account: Type.Optional(Type.String()),
  correlationid: Type.Optional(Type.String()),
  causationid: Type.Optional(Type.String()),
  traceparent: Type.Optional(Type.String()),
  /** 1 unless this is a retry. */
  attempt: Type.Optional(Type.Integer({ minimum: 1 })),
  data: Type.Object({
    items: Type.Array(Type.Unknown(), { minItems: 1, maxItems: 500 }),
    contexts: Type.Optional(Type.Array(Type.Union([MessageContext, Type.Null()]))),
  }),
});
export type EventEnvelope = Static<typeof EventEnvelope>;

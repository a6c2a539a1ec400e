import { Type, type Static } from '@sinclair/typebox';
import { MessageContext, type DomainErrorJson } from '@tearoff/contracts';

/**
 * One message: requests of one command. `timeoutMs`: how long the caller still waits, counted from when the message
 * was sent (as in gRPC; an absolute time would be the sender's clock, and hosts' clocks differ).
 */
export const CommandMessage = Type.Object({
  command: Type.String(),
  items: Type.Array(
    Type.Object({
      data: Type.Unknown(),
      timeoutMs: Type.Number(),
      context: Type.Optional(MessageContext),
    }),
    { minItems: 1, maxItems: 1_000 },
  ),
});
export type CommandMessage = Static<typeof CommandMessage>;

export type CommandResult = { ok: unknown } | { error: DomainErrorJson };

/** `results[i]` answers `items[i]`. */
export interface ReplyMessage {
  /** Id of the instance that answers; callers count these to decide how many messages to have in flight. */
  instance?: string;
  results: CommandResult[];
}

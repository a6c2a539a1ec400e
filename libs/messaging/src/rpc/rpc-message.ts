import { Type, type Static } from '@sinclair/typebox';
import { MessageContext, type DomainErrorJson } from '@tearoff/contracts';

/**
 * One message: requests of one command, gathered. `timeoutMs`: how long, from when it was sent, its caller still waits
 * (as in gRPC; a time of day would be the sender's clock, and hosts' clocks differ).
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
  /** Which of the service's instances answers: as many as have answered lately, so many share its commands. */
  instance?: string;
  results: CommandResult[];
}

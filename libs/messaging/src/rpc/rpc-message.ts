import { Type, type Static } from '@sinclair/typebox';
import { MessageContext, type DomainErrorJson } from '@tearoff/contracts';

/** One message: requests of one command, gathered. `deadline`: epoch ms after which nobody waits. */
export const CommandMessage = Type.Object({
  command: Type.String(),
  items: Type.Array(
    Type.Object({
      data: Type.Unknown(),
      deadline: Type.Number(),
      context: Type.Optional(MessageContext),
    }),
    { minItems: 1, maxItems: 1_000 },
  ),
});
export type CommandMessage = Static<typeof CommandMessage>;

export type CommandResult = { ok: unknown } | { error: DomainErrorJson };

/** `results[i]` answers `items[i]`. */
export interface ReplyMessage {
  results: CommandResult[];
}

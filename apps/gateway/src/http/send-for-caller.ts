import type { CommandDefinition, ReplyOf, RequestOf } from '@tearoff/contracts';
import type { CommandClient } from '@tearoff/messaging';
import type { FastifyRequest } from 'fastify';

type WithoutAccount<R> = R extends unknown ? Omit<R, 'accountId'> : never;

/** Sends a command about the account of the request's caller, with the request's context. */
export function sendForCaller<C extends CommandDefinition>(
  commands: CommandClient,
  { caller, messageContext: context }: FastifyRequest,
  command: C,
  asked: WithoutAccount<RequestOf<C>>,
): Promise<ReplyOf<C>> {
  const request = { ...asked, accountId: caller.accountId } as unknown as RequestOf<C>;
  return commands.send(command, request, { context });
}

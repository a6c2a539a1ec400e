import { deadLetterCommands, type DeadLetterService, type RequestOf } from '@tearoff/contracts';
import type { CommandServer } from '../rpc/command-server';
import type { DeadLetter, DeadLetters } from './dead-letters';

type Commands = (typeof deadLetterCommands)[DeadLetterService];

/** Adds the commands by which an operator lists, reads and replays a service's dead deadLetters. */
export function addDeadLetterCommands(
  service: DeadLetterService,
  deadLetters: DeadLetters,
  server: CommandServer,
): void {
  const { list, get, replay } = deadLetterCommands[service];
  server.add(list, async (request) => ({
    data: (await deadLetters.list(request as RequestOf<Commands['list']>)).map(toReply),
  }));
  server.add(get, async (request) =>
    toReply(await deadLetters.get((request as RequestOf<Commands['get']>).id)),
  );
  server.add(replay, async (request) => {
    await deadLetters.replay((request as RequestOf<Commands['replay']>).id);
    return {};
  });
}

const toReply = <T extends Pick<DeadLetter, 'deadAt'>>(deadLetter: T) => ({
  ...deadLetter,
  deadAt: deadLetter.deadAt.toISOString(),
});

import { deadLetterCommands, type DeadLetterService, type RequestOf } from '@tearoff/contracts';
import type { CommandServer } from '../rpc/command-server';
import type { DeadLetter, DeadLetters } from './dead-letters';

type Commands = (typeof deadLetterCommands)[DeadLetterService];

/** Has a service show and replay what it gave up on, when its operator asks. */
export function answerDeadLetters(
  service: DeadLetterService,
  letters: DeadLetters,
  server: CommandServer,
): void {
  const { list, get, replay } = deadLetterCommands[service];
  server.add(list, async (request) => ({
    data: (await letters.list(request as RequestOf<Commands['list']>)).map(view),
  }));
  server.add(get, async (request) => view(await letters.get((request as RequestOf<Commands['get']>).id)));
  server.add(replay, async (request) => {
    await letters.replay((request as RequestOf<Commands['replay']>).id);
    return {};
  });
}

const view = <T extends Pick<DeadLetter, 'deadAt'>>(letter: T) => ({
  ...letter,
  deadAt: letter.deadAt.toISOString(),
});

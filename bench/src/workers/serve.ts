import type { Answer, Question } from './worker';

/** The other side of `Worker`: answers each command by the handler of its name, and ends with its parent. */
export function serve(handlers: Record<string, (argument: never) => unknown>): void {
  process.on('message', (question: Question) => {
    void answerTo(question, handlers).then((answer) => process.send!(answer));
  });
  process.on('disconnect', () => process.exit(0));
  // A terminal's Ctrl-C reaches the whole group; the parent ends us once it has cleaned up.
  process.on('SIGINT', () => undefined);
}

async function answerTo(
  { id, command, argument }: Question,
  handlers: Record<string, (argument: never) => unknown>,
): Promise<Answer> {
  try {
    return { id, ok: await handlers[command](argument as never) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

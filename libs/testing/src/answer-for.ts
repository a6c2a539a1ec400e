import { DomainError, type DomainErrorJson, type ServiceName } from '@tearoff/contracts';
import type { Link, Transport } from '@tearoff/messaging';

/** Answers one request of a command, or throws the DomainError that answers it. */
export type Answer<R> = (command: string, request: R) => unknown;

/** Stands in for what a service answers, without handlers and database, until the link is closed. */
export async function answerFor<R>(
  service: ServiceName,
  transport: Transport,
  answer: Answer<R>,
): Promise<Link> {
  const link = await transport.connect(service);
  await link.respond(service, 10, async (message) => {
    const { command, items } = message as { command: string; items: { data: R }[] };
    return { results: await Promise.all(items.map(({ data }) => resultOf(() => answer(command, data)))) };
  });
  return link;
}

async function resultOf(answer: () => unknown): Promise<{ ok: unknown } | { error: DomainErrorJson }> {
  try {
    return { ok: await answer() };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { error: error.toJSON() };
  }
}

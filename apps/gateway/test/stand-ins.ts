import {
  DomainError,
  queues,
  services,
  type CommandDefinition,
  type DomainErrorJson,
  type EventDefinition,
  type ItemOf,
  type ReplyOf,
  type MessageContext,
  type RequestOf,
} from '@tearoff/contracts';
import { inProcessTransport, type Transport } from '@tearoff/messaging';

interface Asked {
  command: string;
  data: unknown;
  context?: MessageContext;
}

type Result = { ok: unknown } | { error: DomainErrorJson };
type Answer = (request: never, context?: MessageContext) => unknown;

/** The other services, for tests of the gateway alone: they answer what a test says, and remember what they were asked. */
export class StandIns {
  readonly transport: Transport = inProcessTransport();
  readonly asked: Asked[] = [];
  private readonly told: { type: string; data: { items: never[] } }[] = [];
  private readonly answers = new Map<string, Answer>();

  async open(): Promise<void> {
    for (const service of services) {
      const link = await this.transport.connect(service);
      await link.respond(service, 100, (message) => this.answer(message));
    }
    const insights = await this.transport.connect('insights');
    await insights.consume(
      queues.find(({ name }) => name === 'insights.events')!,
      100,
      (message) => {
        this.told.push(...(JSON.parse(message.body) as typeof this.told));
        message.ack();
      },
    );
  }

  /** What insights was told, in that order. */
  toldOf<E extends EventDefinition>(event: E): ItemOf<E>[] {
    const events = this.told.filter(({ type }) => type === event.type);
    return events.flatMap(({ data }) => data.items);
  }

  /** A DomainError that is returned or thrown is what the caller gets. */
  on<C extends CommandDefinition>(
    command: C,
    answer: (request: RequestOf<C>) => ReplyOf<C> | DomainError | Promise<ReplyOf<C> | DomainError>,
  ): void {
    this.answers.set(command.name, answer);
  }

  askedFor<C extends CommandDefinition>(command: C): RequestOf<C>[] {
    return this.asked.filter((each) => each.command === command.name).map(({ data }) => data as RequestOf<C>);
  }

  reset(): void {
    this.asked.length = 0;
    this.told.length = 0;
    this.answers.clear();
  }

  private async answer(message: unknown): Promise<{ results: Result[] }> {
    const { command, items } = message as {
      command: string;
      items: { data: never; context?: MessageContext }[];
    };
    const results = await Promise.all(
      items.map(async ({ data, context }): Promise<Result> => {
        this.asked.push({ command, data, context });
        try {
          const answer = this.answers.get(command);
          if (!answer)
            throw new DomainError('service.unavailable', 'unavailable', `nobody answers ${command}`);
          const reply = await answer(data, context);
          if (reply instanceof DomainError) throw reply;
          return { ok: reply ?? null };
        } catch (error) {
          if (error instanceof DomainError) return { error: error.toJSON() };
          return { error: { code: 'internal', kind: 'internal', message: String(error) } };
        }
      }),
    );
    return { results };
  }
}

import { randomUUID } from 'node:crypto';
import {
  DomainError,
  faultsOf,
  fits,
  isDatabaseAway,
  type CommandDefinition,
  type DomainErrorJson,
} from '@tearoff/contracts';
import type { CommandContext } from '../context';
import type { MessagingLogger } from '../logger';
import { inSpan } from '../tracing';
import { CommandMessage, type CommandResult, type ReplyMessage } from './rpc-message';

/** Calls the service's handler: an array of requests for a batch command, one request otherwise. */
export type CommandHandler = (payload: unknown, context: CommandContext) => Promise<unknown>;

interface Entry {
  definition: CommandDefinition;
  handler: CommandHandler;
}

/** Answers commands. What arrives after its deadline is not executed. */
export class CommandServer {
  private readonly entries = new Map<string, Entry>();
  private readonly inFlight = new Set<Promise<unknown>>();
  private readonly instance = randomUUID();

  /** `now`: milliseconds of a clock that never jumps. */
  constructor(
    private readonly logger: MessagingLogger,
    private readonly now: () => number = () => performance.now(),
  ) {}

  add(definition: CommandDefinition, handler: CommandHandler): void {
    this.entries.set(definition.name, { definition, handler });
  }

  /** The reply, or null when no one waits any more. Never rejects. */
  async answer(message: unknown): Promise<ReplyMessage | null> {
    const work = this.process(message);
    this.inFlight.add(work);
    try {
      const reply = await work;
      return reply && { ...reply, instance: this.instance };
    } finally {
      this.inFlight.delete(work);
    }
  }

  /** Resolves when everything in hand has been answered. */
  async drain(): Promise<void> {
    await Promise.allSettled(this.inFlight);
  }

  private async process(message: unknown): Promise<ReplyMessage | null> {
    if (!fits(CommandMessage, message)) {
      this.logger.warn('a malformed command was refused');
      return { results: [refusal('command.malformed', 'The command could not be read.')] };
    }
    const entry = this.entries.get(message.command);
    if (!entry) {
      this.logger.warn(`an unknown command was refused: ${message.command.slice(0, 100)}`);
      const results = message.items.map(() =>
        refusal('command.unknown', 'This service has no such command.'),
      );
      return { results };
    }
    const results = new Array<CommandResult>(message.items.length);
    const live: number[] = [];
    const receivedAt = this.now();
    message.items.forEach((item, index) => {
      if (item.timeoutMs <= 0) results[index] = { error: late };
      else {
        const errors = faultsOf(entry.definition.request, item.data);
        if (errors) {
          const text = 'The command does not fit its contract.';
          results[index] = {
            error: { code: 'command.invalid', kind: 'invalid', message: text, details: { errors } },
          };
        } else live.push(index);
      }
    });
    if (live.length > 0) await this.execute(entry, message, live, results, receivedAt);
    else if (results.every((result) => 'error' in result && result.error === late)) return null;
    return { results };
  }

  private async execute(
    { definition, handler }: Entry,
    message: CommandMessage,
    live: readonly number[],
    results: CommandResult[],
    receivedAt: number,
  ): Promise<void> {
    const isLate = (index: number): boolean => this.now() - receivedAt >= message.items[index].timeoutMs;
    const contexts = live.map((index) => message.items[index].context ?? {});
    await inSpan(definition.name, 'command', contexts, async () => {
      if (!definition.batch) {
        for (const index of live) {
          const item = message.items[index];
          if (isLate(index)) results[index] = { error: late };
          else
            results[index] = await this.one(definition, () =>
              handler(item.data, { contexts: [item.context ?? {}] }),
            );
        }
        return;
      }
      try {
        const payloads = live.map((index) => message.items[index].data);
        const replies = (await handler(payloads, { contexts })) as unknown[];
        live.forEach((index, position) => (results[index] = settled(replies[position])));
      } catch (error) {
        // A database that went away may have committed: doing the items again could do them twice.
        if (live.length === 1 || isDatabaseAway(error)) {
          const failed = { error: this.errorOf(definition, error) };
          for (const index of live) results[index] = failed;
          return;
        }
        this.logger.warn(
          `${definition.name}: a batch of ${live.length} failed, its items are run singly`,
          error,
        );
        for (const index of live) {
          const item = message.items[index];
          if (isLate(index)) results[index] = { error: late };
          else
            results[index] = await this.one(definition, async () => {
              const replies = (await handler([item.data], { contexts: [item.context ?? {}] })) as unknown[];
              if (replies[0] instanceof DomainError) throw replies[0];
              return replies[0];
            });
        }
      }
    });
  }

  private async one(definition: CommandDefinition, work: () => Promise<unknown>): Promise<CommandResult> {
    try {
      return { ok: (await work()) ?? null };
    } catch (error) {
      return { error: this.errorOf(definition, error) };
    }
  }

  /** The mapper from an error to an RPC reply: a DomainError travels whole, nothing else shows its inside. */
  private errorOf(definition: CommandDefinition, error: unknown): DomainErrorJson {
    if (error instanceof DomainError) return error.toJSON();
    this.logger.error(`${definition.name} failed`, error);
    if (isDatabaseAway(error))
      return {
        code: 'service.unavailable',
        kind: 'unavailable',
        message: 'The service has lost its database.',
      };
    return { code: 'internal', kind: 'internal', message: 'An unexpected error occurred.' };
  }
}

const late: DomainErrorJson = {
  code: 'service.deadline_exceeded',
  kind: 'unavailable',
  message: 'The command arrived after its deadline and was not executed.',
};

const settled = (value: unknown): CommandResult =>
  value instanceof DomainError ? { error: value.toJSON() } : { ok: value ?? null };

const refusal = (code: string, message: string): CommandResult => ({
  error: { code, kind: 'internal', message },
});

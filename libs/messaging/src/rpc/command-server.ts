import { randomUUID } from 'node:crypto';
import {
  DomainError,
  faultsOf,
  fits,
  isDatabaseUnavailable,
  type CommandDefinition,
  type DomainErrorJson,
} from '@tearoff/contracts';
import type { CommandContext } from '../context';
import type { MessagingLogger } from '../logger';
import { inSpan } from '../tracing';
import { CommandMessage, type CommandResult, type ReplyMessage } from './rpc-message';

/** Calls the service's handler: an array of requests for a batch command, one request otherwise. */
export type CommandHandler = (payload: unknown, context: CommandContext) => Promise<unknown>;

interface RegisteredCommand {
  definition: CommandDefinition;
  handler: CommandHandler;
}

/** Answers commands. A command that arrives after its deadline is not executed. */
export class CommandServer {
  private readonly entries = new Map<string, RegisteredCommand>();
  private readonly inFlight = new Set<Promise<unknown>>();
  private readonly instance = randomUUID();

  /** `now`: milliseconds of a monotonic clock. */
  constructor(
    private readonly logger: MessagingLogger,
    private readonly now: () => number = () => performance.now(),
  ) {}

  add(definition: CommandDefinition, handler: CommandHandler): void {
    this.entries.set(definition.name, { definition, handler });
  }

  /** The reply, or null when every request is past its deadline. Never rejects. */
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

  /** Resolves when every command in progress has been answered. */
  async drain(): Promise<void> {
    await Promise.allSettled(this.inFlight);
  }

  private async process(message: unknown): Promise<ReplyMessage | null> {
    if (!fits(CommandMessage, message)) {
      this.logger.warn('a malformed command was refused');
      return { results: [errorResult('command.malformed', 'The command could not be read.')] };
    }
    const entry = this.entries.get(message.command);
    if (!entry) {
      this.logger.warn(`an unknown command was refused: ${message.command.slice(0, 100)}`);
      const results = message.items.map(() =>
        errorResult('command.unknown', 'This service has no such command.'),
      );
      return { results };
    }
    const results = new Array<CommandResult>(message.items.length);
    const runnable: number[] = [];
    const receivedAt = this.now();
    message.items.forEach((item, index) => {
      if (item.timeoutMs <= 0) results[index] = { error: deadlineExceeded };
      else {
        const errors = faultsOf(entry.definition.request, item.data);
        if (errors) {
          const text = 'The command does not fit its contract.';
          results[index] = {
            error: { code: 'command.invalid', kind: 'invalid', message: text, details: { errors } },
          };
        } else runnable.push(index);
      }
    });
    if (runnable.length > 0) await this.execute(entry, message, runnable, results, receivedAt);
    else if (results.every((result) => 'error' in result && result.error === deadlineExceeded)) return null;
    return { results };
  }

  private async execute(
    { definition, handler }: RegisteredCommand,
    message: CommandMessage,
    runnable: readonly number[],
    results: CommandResult[],
    receivedAt: number,
  ): Promise<void> {
    const isLate = (index: number): boolean => this.now() - receivedAt >= message.items[index].timeoutMs;
    const contexts = runnable.map((index) => message.items[index].context ?? {});
    await inSpan(definition.name, 'command', contexts, async () => {
      if (!definition.batch) {
        for (const index of runnable) {
          const item = message.items[index];
          if (isLate(index)) results[index] = { error: deadlineExceeded };
          else
            results[index] = await this.executeOne(definition, () =>
              handler(item.data, { contexts: [item.context ?? {}] }),
            );
        }
        return;
      }
      try {
        const payloads = runnable.map((index) => message.items[index].data);
        const replies = (await handler(payloads, { contexts })) as unknown[];
        runnable.forEach((index, position) => (results[index] = toResult(replies[position])));
      } catch (error) {
        // The transaction may have committed before the database was lost: running the items again could apply them
        // twice.
        if (runnable.length === 1 || isDatabaseUnavailable(error)) {
          const failed = { error: this.toErrorReply(definition, error) };
          for (const index of runnable) results[index] = failed;
          return;
        }
        this.logger.warn(
          `${definition.name}: a batch of ${runnable.length} failed, its items are run one by one`,
          error,
        );
        for (const index of runnable) {
          const item = message.items[index];
          if (isLate(index)) results[index] = { error: deadlineExceeded };
          else
            results[index] = await this.executeOne(definition, async () => {
              const replies = (await handler([item.data], { contexts: [item.context ?? {}] })) as unknown[];
              if (replies[0] instanceof DomainError) throw replies[0];
              return replies[0];
            });
        }
      }
    });
  }

  private async executeOne(
    definition: CommandDefinition,
    work: () => Promise<unknown>,
  ): Promise<CommandResult> {
    try {
      return { ok: (await work()) ?? null };
    } catch (error) {
      return { error: this.toErrorReply(definition, error) };
    }
  }

  /** A DomainError is sent whole; the details of any other error are logged and not sent. */
  private toErrorReply(definition: CommandDefinition, error: unknown): DomainErrorJson {
    if (error instanceof DomainError) return error.toJSON();
    this.logger.error(`${definition.name} failed`, error);
    if (isDatabaseUnavailable(error))
      return {
        code: 'service.unavailable',
        kind: 'unavailable',
        message: 'The service has lost its database.',
      };
    return { code: 'internal', kind: 'internal', message: 'An unexpected error occurred.' };
  }
}

const deadlineExceeded: DomainErrorJson = {
  code: 'service.deadline_exceeded',
  kind: 'unavailable',
  message: 'The command arrived after its deadline and was not executed.',
};

const toResult = (value: unknown): CommandResult =>
  value instanceof DomainError ? { error: value.toJSON() } : { ok: value ?? null };

const errorResult = (code: string, message: string): CommandResult => ({
  error: { code, kind: 'internal', message },
});

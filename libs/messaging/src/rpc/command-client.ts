import {
  DomainError,
  unavailable,
  type CommandDefinition,
  type MessageContext,
  type ReplyOf,
  type RequestOf,
  type ServiceName,
} from '@tearoff/contracts';
import type { Link } from '../transport';
import { currentContext } from '../tracing';
import { Responders } from './responders';
import type { CommandMessage, ReplyMessage } from './rpc-message';

export interface SendOptions {
  context?: MessageContext;
  /** In place of the contract's. */
  deadlineMs?: number;
}

interface Waiting {
  data: unknown;
  context?: MessageContext;
  deadline: number;
  timer: NodeJS.Timeout;
  resolve(reply: unknown): void;
  reject(error: Error): void;
}

const maxPerMessage = 200;

/**
 * Asks other services. Requests of a `batch` command travel together: whatever has gathered while earlier
 * messages of that command were under way, at most 200 a message, two messages in flight for each instance that answers,
 * no timer. (3–4 ×
 * the throughput of one message a command, at a quarter of the processor time.)
 */
export class CommandClient {
  private readonly lanes = new Map<string, Lane>();
  private readonly responders = new Map<ServiceName, Responders>();

  /** `now`: milliseconds of a clock that never jumps. */
  constructor(
    private readonly link: Link,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * Resolves with the reply, rejects with the callee's DomainError. No one there: `service.unavailable`, at
   * once. No answer in time: `service.deadline_exceeded`; then the command may or may not have been executed,
   * but it will not be executed later.
   */
  send<C extends CommandDefinition>(
    command: C,
    request: RequestOf<C>,
    { context, deadlineMs = command.deadlineMs }: SendOptions = {},
  ): Promise<ReplyOf<C>> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        data: request,
        context: currentContext(context),
        deadline: this.now() + deadlineMs,
        timer: setTimeout(() => reject(deadlineExceeded(command)), deadlineMs),
        resolve: resolve,
        reject,
      };
      if (command.batch) this.laneOf(command).add(waiting);
      else void this.transmit(command, [waiting]);
    });
  }

  private laneOf(command: CommandDefinition): Lane {
    let lane = this.lanes.get(command.name);
    if (!lane) {
      const transmit = (part: Waiting[]): Promise<void> => this.transmit(command, part);
      this.lanes.set(
        command.name,
        (lane = new Lane(
          transmit,
          this.respondersOf(command.service),
          (waiting) => waiting.deadline > this.now(),
        )),
      );
    }
    return lane;
  }

  private respondersOf(service: ServiceName): Responders {
    let responders = this.responders.get(service);
    if (!responders) this.responders.set(service, (responders = new Responders(this.now)));
    return responders;
  }

  /** Sends one message and settles everyone who waits for it; never rejects. */
  private async transmit(command: CommandDefinition, waiting: Waiting[]): Promise<void> {
    const now = this.now();
    const left = waiting.map(({ deadline }) => deadline - now);
    const message: CommandMessage = {
      command: command.name,
      items: waiting.map(({ data, context }, index) => ({
        data,
        timeoutMs: left[index],
        ...(context && { context }),
      })),
    };
    try {
      const reply = await requestUntil(this.link, command, message, left);
      this.respondersOf(command.service).heard(reply.instance);
      waiting.forEach((item, index) => {
        clearTimeout(item.timer);
        const result = reply.results[index];
        if (result && 'ok' in result) item.resolve(result.ok);
        else item.reject(result ? DomainError.fromJSON(result.error) : deadlineExceeded(command));
      });
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error));
      for (const item of waiting) {
        clearTimeout(item.timer);
        item.reject(reason);
      }
    }
  }
}

/** Requests whose deadlines lie further apart than this do not travel together. */
const farMs = 1_000;

class Lane {
  private gathered: Waiting[] = [];
  private inFlight = 0;
  private scheduled = false;

  constructor(
    private readonly transmit: (part: Waiting[]) => Promise<void>,
    private readonly responders: Responders,
    /** False when its caller has given up. */
    private readonly isAwaited: (waiting: Waiting) => boolean,
  ) {}

  add(waiting: Waiting): void {
    this.gathered.push(waiting);
    if (this.scheduled || this.inFlight >= this.responders.messagesInFlight) return;
    this.scheduled = true;
    // After the sockets that are readable now have been read: what they bring belongs together.
    setImmediate(() => {
      this.scheduled = false;
      this.pump();
    });
  }

  private pump(): void {
    while (this.inFlight < this.responders.messagesInFlight && this.gathered.length > 0) {
      const part = this.gathered.splice(0, this.sizeOfNext()).filter(this.isAwaited);
      if (part.length === 0) continue;
      this.inFlight++;
      void this.transmit(part).then(() => {
        this.inFlight--;
        this.pump();
      });
    }
  }

  /** A message waits no longer in the broker than its most urgent request: those with far more time go by another. */
  private sizeOfNext(): number {
    const { gathered } = this;
    const far = gathered[0].deadline + farMs;
    const next = gathered.findIndex(({ deadline }, index) => index === maxPerMessage || deadline > far);
    return next === -1 ? gathered.length : next;
  }
}

/** A link need not notice a deadline by itself (a service that died with the command in hand never answers). */
async function requestUntil(
  link: Link,
  command: CommandDefinition,
  message: CommandMessage,
  left: readonly number[],
): Promise<ReplyMessage> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(deadlineExceeded(command)), Math.max(...left));
  });
  try {
    return await Promise.race([link.request(command.service, message, Math.min(...left)), late]);
  } finally {
    clearTimeout(timer);
  }
}

const deadlineExceeded = (command: CommandDefinition): DomainError =>
  unavailable('service.deadline_exceeded', `The ${command.service} service did not answer in time.`);

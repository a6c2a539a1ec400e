import {
  queues,
  services,
  unavailable,
  type EventDefinition,
  type QueueDefinition,
  type ServiceName,
} from '@tearoff/contracts';
import type { CommandMessage, ReplyMessage } from '../rpc/rpc-message';
import type {
  Consumer,
  DeadMessage,
  IncomingMessage,
  Link,
  OutgoingMessage,
  QueueGroup,
  Responder,
  Transport,
} from '../transport';
import { InProcessQueue } from './in-process-queue';
import { jsonClone } from './json-clone';
import { SharedBody } from './shared-body';

/**
 * Connects the services of one process without a broker. Events are parsed once and then frozen, and commands are
 * copied: a handler receives the same values as over RabbitMQ, and cannot change the objects of another service.
 */
class InProcessTransport implements Transport {
  readonly kind = 'in-process';
  readonly publishWaitsForHandling = true;
  private readonly dead = new Map(queues.map(({ name }) => [name, new InProcessQueue(`${name}, dead`)]));
  private readonly queues = new Map(
    queues.map(({ name }) => [name, new InProcessQueue(name, this.dead.get(name))]),
  );
  private readonly responders = new Map<ServiceName, Responder[]>();
  private readonly listeners = new Map<string, Set<(body: string) => void>>();
  private nextResponder = 0;

  constructor(private readonly hosted: readonly ServiceName[]) {}

  connect(): Promise<Link> {
    return Promise.resolve({
      publish: (message) => this.publish(message),
      consume: (queue, prefetch, onMessage) => this.consume(queue, prefetch, onMessage),
      request: (service, message) => this.request(service, message),
      respond: (service, _prefetch, handler) => this.respond(service, handler),
      listen: (_service, types, onMessage) => this.listen(types, onMessage),
      consumeDead: (service, onMessage) => this.consumeDead(service, onMessage),
      ready: () => Promise.resolve(),
      isReady: () => true,
      close: () => Promise.resolve(),
    });
  }

  private async publish({ to, body }: OutgoingMessage): Promise<void> {
    if ('event' in to && to.group !== 'deferred')
      for (const listener of this.listeners.get(to.event) ?? []) listener(body);
    const targets =
      'queue' in to
        ? [to.queue]
        : queues
            .filter((queue) => this.hosted.includes(queue.service) && isBoundTo(queue, to))
            .map(({ name }) => name);
    const shared = new SharedBody(body);
    const outcomes = await Promise.allSettled(
      targets.map((name) => this.queues.get(name)?.publish(shared) ?? Promise.resolve()),
    );
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  private consume(
    queue: QueueDefinition,
    prefetch: number,
    onMessage: (message: IncomingMessage) => void,
  ): Promise<Consumer> {
    const remove = this.queues.get(queue.name)!.add(prefetch, onMessage);
    return Promise.resolve({ stop: () => Promise.resolve(remove()) });
  }

  private consumeDead(service: ServiceName, onMessage: (message: DeadMessage) => void): Promise<Consumer> {
    const removes = queues
      .filter((queue) => queue.service === service)
      .map(({ name }) =>
        this.dead.get(name)!.add(10, (message) => onMessage({ ...message, queue: name, cause: 'rejected' })),
      );
    return Promise.resolve({
      stop: () => {
        for (const remove of removes) remove();
        return Promise.resolve();
      },
    });
  }

  private async request(service: ServiceName, message: CommandMessage): Promise<ReplyMessage> {
    const responders = this.responders.get(service) ?? [];
    const responder = responders[this.nextResponder++ % Math.max(1, responders.length)];
    if (!responder) throw serviceNotRunning(service);
    const reply = await responder(jsonClone(message));
    if (reply === null)
      throw unavailable(
        'service.deadline_exceeded',
        `The ${service} service received the command after its deadline.`,
      );
    return jsonClone(reply);
  }

  private respond(service: ServiceName, handler: Responder): Promise<Consumer> {
    const responders = this.responders.get(service) ?? [];
    this.responders.set(service, [...responders, handler]);
    return Promise.resolve({
      stop: () => {
        this.responders.set(
          service,
          (this.responders.get(service) ?? []).filter((other) => other !== handler),
        );
        return Promise.resolve();
      },
    });
  }

  private listen(types: readonly string[], onMessage: (body: string) => void): Promise<Consumer> {
    for (const type of types) {
      const listeners = this.listeners.get(type) ?? new Set();
      this.listeners.set(type, listeners.add(onMessage));
    }
    return Promise.resolve({
      stop: () => {
        for (const type of types) this.listeners.get(type)?.delete(onMessage);
        return Promise.resolve();
      },
    });
  }
}

export const serviceNotRunning = (service: ServiceName): Error =>
  unavailable('service.unavailable', `The ${service} service is not running.`);

function isBoundTo(
  { mode, types, batched }: QueueDefinition,
  to: { event: string; group?: QueueGroup },
): boolean {
  const isThisType = (type: EventDefinition): boolean => type.type === to.event;
  if (mode !== 'events' || !types.some(isThisType)) return false;
  return !to.group || (batched?.some(isThisType) ?? false) === (to.group === 'deferred');
}

/**
 * One transport for all services of a process. `hosted`: the services that this process runs, all by default. An event
 * waits until the queues of hosted services have a consumer; queues of other services are skipped.
 */
export const inProcessTransport = (hosted: readonly ServiceName[] = services): Transport =>
  new InProcessTransport(hosted);

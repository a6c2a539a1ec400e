import { queues } from '@tearoff/contracts';
import type { RecoveringChannel } from './recovering-channel';
import type { RabbitNames } from './rabbit-topology';
import { Unroutable, type OutgoingMessage } from '../transport';

const consumed = new Set(
  queues.filter(({ mode }) => mode === 'events').flatMap(({ types }) => types.map(({ type }) => type)),
);

/** Publishes persistent messages; resolves when the broker has confirmed the message. */
export class RabbitPublisher {
  private readonly returned = new Set<string>();
  private count = 0;

  constructor(
    private readonly recovering: RecoveringChannel,
    private readonly names: RabbitNames,
  ) {}

  /** Called with the id of a message that no queue took, before its confirm arrives. */
  readonly onReturn = (messageId: unknown): void => void this.returned.add(String(messageId));

  async publish({ to, body }: OutgoingMessage): Promise<void> {
    const channel = this.recovering.channel ?? (await this.recovering.ready());
    const messageId = String(++this.count);
    const exchange = 'event' in to ? this.names.exchange() : '';
    const key = 'event' in to ? to.event : this.names.queue(to.queue);
    // An event without a consumer in the contracts is no error; otherwise an unrouted message is one.
    const mandatory = 'queue' in to || consumed.has(to.event);
    await new Promise<void>((resolve, reject) => {
      channel.publish(
        exchange,
        key,
        Buffer.from(body),
        {
          persistent: true,
          mandatory,
          messageId,
          contentType: 'application/cloudevents-batch+json',
        },
        (error: Error | null) => {
          if (error) reject(error);
          else if (this.returned.delete(messageId)) reject(new Unroutable(`no queue is bound for ${key}`));
          else resolve();
        },
      );
    });
  }
}

import type { CommandDefinition, EventDefinition, ItemOf, ReplyOf, RequestOf } from '@tearoff/contracts';
import { openMessaging, type AddOptions, type Messaging, type Transport } from '@tearoff/messaging';
import type { DataSource } from 'typeorm';

const deadlineMs = 20_000;

/** Connections as gateways have them, by which a test asks a service and says what happened elsewhere. */
export class Callers {
  /**
   * `dataSource`: the schema whose outbox takes what is told, relayed by the service that owns it. One caller unless
   * told.
   */
  static async open(transport: Transport, dataSource: DataSource, count = 1): Promise<Callers> {
    const open = () => openMessaging({ service: 'gateway', transport, dataSource });
    return new Callers(await Promise.all(Array.from({ length: count }, open)));
  }

  private turn = 0;

  private constructor(private readonly all: readonly Messaging[]) {}

  /** Each time from another connection, so that requests do not all travel in one message. */
  ask<C extends CommandDefinition>(command: C, request: RequestOf<C>): Promise<ReplyOf<C>> {
    return this.all[this.turn++ % this.all.length].commands.send(command, request, { deadlineMs });
  }

  /** All from one connection, so that they arrive as one batch. */
  askTogether<C extends CommandDefinition>(command: C, requests: RequestOf<C>[]): Promise<ReplyOf<C>[]> {
    return Promise.all(
      requests.map((request) => this.all[0].commands.send(command, request, { deadlineMs })),
    );
  }

  /** An event of another service. */
  async tell<E extends EventDefinition>(event: E, items: ItemOf<E>[], options?: AddOptions): Promise<void> {
    const { outbox } = this.all[0];
    await outbox.transaction((tx) => outbox.add(tx, event, items, options));
  }

  /** Relays what is told by itself too. */
  relay(): Promise<void> {
    return this.all[0].start();
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((caller) => caller.close()));
  }
}

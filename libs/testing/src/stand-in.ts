import { Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { ServiceName } from '@tearoff/contracts';
import {
  messagingEntities,
  messagingMigrations,
  MessagingModule,
  openMessaging,
  type Messaging,
  type Transport,
} from '@tearoff/messaging';
import { openDatabase } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';

export interface StandInOptions {
  service: ServiceName;
  transport: Transport;
  databaseUrl: string;
  /** Has a handler for all that its queues are bound to; see `otherEventsOf`. */
  controller: Type;
  /** What the controller is given: what it knows and was told. An instance of a class, which is its token. */
  state: object;
  /** Its queues; all of its service's by default. */
  consume?: readonly string[];
}

/** A service reduced to what its neighbours notice of it: handlers, an outbox and nothing behind them. */
export interface StandIn {
  dataSource: DataSource;
  messaging: Messaging;
  /** Again = no change. */
  stop: () => Promise<void>;
}

/** Starts a stand-in, in a schema of that service's name. */
export async function startStandIn(options: StandInOptions): Promise<StandIn> {
  const { service, transport, databaseUrl: url, controller, state, consume } = options;
  const dataSource = await openDatabase({
    service,
    url,
    entities: messagingEntities,
    migrations: messagingMigrations,
    poolSize: 4,
  });
  const messaging = await openMessaging({ service, transport, dataSource, consume });
  @Module({
    imports: [MessagingModule.forRoot(messaging)],
    controllers: [controller],
    providers: [{ provide: state.constructor, useValue: state }],
  })
  class StandInModule {}
  const app = await NestFactory.createMicroservice(StandInModule, {
    strategy: messaging.server,
    logger: false,
  });
  await app.listen();
  const stop = async (): Promise<void> => {
    await app.close();
    await messaging.close();
    await dataSource.destroy();
  };
  let stopped: Promise<void> | undefined;
  return { dataSource, messaging, stop: () => (stopped ??= stop()) };
}

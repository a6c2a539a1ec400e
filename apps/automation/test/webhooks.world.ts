import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CreateWebhook,
  EventRecorded,
  ListWebhookAttempts,
  newId,
  type CommandDefinition,
  type EventDefinition,
  type ItemOf,
  type ReplyOf,
  type RequestOf,
  type WebhookAttempt,
} from '@tearoff/contracts';
import type { RunningService } from '@tearoff/service-kit';
import { Callers, openTestHost, type OpenTransport, type TestHost } from '@tearoff/testing';
import { DataSource } from 'typeorm';
import { openAutomationDatabase } from '../src/database';
import { start } from '../src/start';

export const longestWaitMs = 400;
/** Fast where the defaults are patient. */
const quick = {
  LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
  DATABASE_POOL: '5',
  WEBHOOK_ALLOW_PRIVATE: 'true',
  WEBHOOK_TIMEOUT_MS: '1500',
  WEBHOOK_RETRY_SECONDS: `0.05 0.05 ${longestWaitMs / 1_000}`,
  WEBHOOK_LEASE_MS: '200',
  WEBHOOK_SWEEP_MS: '200',
};

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

type Answer = (response: ServerResponse, count: number) => void;

/** Automation, running, someone who tells it what happened, and a server that webhooks go to. */
export class World {
  static async start(means: OpenTransport, instances: number): Promise<World> {
    const host = await openTestHost(means, ['automation']);
    const dataSource = await openAutomationDatabase(host.databaseUrl, 3);
    const caller = await Callers.open(host.transport, dataSource);
    const world = new World(host, dataSource, caller);
    for (let n = 0; n < instances; n++) await world.startInstance();
    await caller.relay();
    await new Promise<void>((listening) => world.server.listen(0, '127.0.0.1', listening));
    return world;
  }

  readonly received: Received[] = [];
  private readonly answers = new Map<string, Answer>();
  private readonly instances: RunningService[] = [];
  private readonly server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const path = request.url!;
      this.received.push({ path, headers: request.headers, body: Buffer.concat(parts).toString() });
      const answer = this.answers.get(path);
      if (answer) answer(response, this.at(path).length);
      else response.end();
    });
  });

  private constructor(
    private readonly host: TestHost,
    readonly dataSource: DataSource,
    private readonly caller: Callers,
  ) {}

  async startInstance(): Promise<RunningService> {
    const { transport, databaseUrl } = this.host;
    const instance = await start({ env: quick, transport, databaseUrl });
    this.instances.push(instance);
    return instance;
  }

  /** Takes their databases from them, so that they can write down nothing of what they have in hand. */
  async cutOffInstances(): Promise<void> {
    await Promise.all(this.instances.map(({ app }) => app.get(DataSource).destroy()));
  }

  async stopInstances(): Promise<void> {
    await Promise.all(this.instances.splice(0).map((instance) => instance.stop()));
  }

  /** The server's address of that path, and how it answers there; 200 by default. */
  endpoint(path: string, answer?: Answer): string {
    if (answer) this.answers.set(path, answer);
    else this.answers.delete(path);
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  at(path: string): Received[] {
    return this.received.filter((request) => request.path === path);
  }

  ask<C extends CommandDefinition>(command: C, request: RequestOf<C>): Promise<ReplyOf<C>> {
    return this.caller.ask(command, request);
  }

  subscribe(accountId: string, url: string, ...events: string[]): Promise<ReplyOf<typeof CreateWebhook>> {
    return this.ask(CreateWebhook, { accountId, webhook: { url, events } });
  }

  async attempts(accountId: string, webhookId: string): Promise<WebhookAttempt[]> {
    return (await this.ask(ListWebhookAttempts, { accountId, webhookId, limit: 500 })).data;
  }

  tell<E extends EventDefinition>(event: E, ...items: ItemOf<E>[]): Promise<void> {
    return this.caller.tell(event, items, { queue: 'automation.events' });
  }

  /** An event of the account's own. */
  record(accountId: string, type: string, params: Record<string, unknown> = {}): Promise<void> {
    return this.tell(EventRecorded, recorded(accountId, type, params));
  }

  async stop(): Promise<void> {
    await this.caller.close();
    await this.stopInstances();
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
    await this.dataSource.destroy();
    await this.host.cleanup();
  }
}

export const recorded = (
  accountId: string,
  type: string,
  params: Record<string, unknown> = {},
): ItemOf<typeof EventRecorded> => ({
  eventId: newId('event'),
  accountId,
  type,
  key: 'order 17',
  repeated: false,
  contactId: null,
  contact: { email: 'ann@example.com' },
  params,
  at: '2026-05-04T10:00:00.000Z',
});

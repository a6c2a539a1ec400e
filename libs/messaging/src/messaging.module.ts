import { Catch, Module, type DynamicModule, type RpcExceptionFilter } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { throwError, type Observable } from 'rxjs';
import { Broadcasts } from './broadcasts';
import { DeadLetters } from './inbox/dead-letters';
import type { Messaging } from './messaging';
import { Outbox } from './outbox/outbox';
import { CommandClient } from './rpc/command-client';

/** Nest would turn every error into "Internal server error"; the transport needs the error itself. */
@Catch()
export class RethrowErrors implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/** Provides `CommandClient`, `Outbox`, `DeadLetters` and `Broadcasts` to a service's classes. */
@Module({})
export class MessagingModule {
  /** `rpc: false` in an HTTP application, whose own filters map errors to responses. */
  static forRoot(messaging: Messaging, { rpc = true } = {}): DynamicModule {
    const provided = [
      { provide: CommandClient, useValue: messaging.commands },
      { provide: Outbox, useValue: messaging.outbox },
      { provide: DeadLetters, useValue: messaging.deadLetters },
      { provide: Broadcasts, useValue: messaging.broadcasts },
    ];
    return {
      module: MessagingModule,
      global: true,
      providers: [...provided, ...(rpc ? [{ provide: APP_FILTER, useClass: RethrowErrors }] : [])],
      exports: provided.map(({ provide }) => provide),
    };
  }
}

import { Module, type DynamicModule } from '@nestjs/common';
import { MessagingModule, type Messaging } from '@tearoff/messaging';
import { DatabaseModule } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import { ContactsController } from './contacts/contacts.controller';
import { ContactsService } from './contacts/contacts.service';
import { EventCounts } from './events/event-counts';
import { EventRetention } from './events/event-retention';
import { EventTypesService } from './events/event-types.service';
import { EventsController } from './events/events.controller';
import { EventsService } from './events/events.service';
import { HappeningListeners, type HappeningListener } from './happenings/happening';
import { HappeningsConsumer } from './happenings/happenings.consumer';
import { PeopleController } from './people/people.controller';
import { PeopleService } from './people/people.service';
import { PersonKeepers, type PersonKeeper } from './people/person-keeper';
import { Clock } from './clock';
import { HttpCaller } from './outbound/http-caller';
import { Engine } from './runs/engine';
import { People } from './runs/people';
import { RunStore } from './runs/run.store';
import { RunsConsumer } from './runs/runs.consumer';
import { RunsController } from './runs/runs.controller';
import { RunsService } from './runs/runs.service';
import { Starter } from './runs/starter';
import { RunSweeper } from './runs/sweeper';
import { Effects } from './steps/effects';
import { Waits } from './waits/waits';
import { Listening } from './workflows/listening';
import { Owners } from './workflows/owners';
import { Plans } from './workflows/plans';
import { WorkflowsController } from './workflows/workflows.controller';
import { WorkflowsService } from './workflows/workflows.service';

@Module({})
export class AutomationModule {
  static register({
    dataSource,
    messaging,
    clock,
  }: {
    dataSource: DataSource;
    messaging: Messaging;
    clock: Clock;
  }): DynamicModule {
    return {
      module: AutomationModule,
      imports: [DatabaseModule.forRoot(dataSource), MessagingModule.forRoot(messaging)],
      controllers: [HappeningsConsumer, EventsController, ContactsController, PeopleController],
      providers: [
        ContactsService,
        EventsService,
        EventTypesService,
        EventCounts,
        EventRetention,
        PeopleService,
        { provide: HappeningListeners, useFactory: (): HappeningListener[] => [] },
        { provide: PersonKeepers, useFactory: (): PersonKeeper[] => [] },
      controllers: [HappeningsConsumer, RunsConsumer, RunsController, WorkflowsController],
        { provide: Clock, useValue: clock },
        Effects,
        Engine,
        HttpCaller,
        Listening,
        Owners,
        People,
        Plans,
        RunsService,
        RunStore,
        RunSweeper,
        Starter,
        Waits,
        WorkflowsService,
        {
          provide: HappeningListeners,
          inject: [Starter],
          useFactory: (...listeners: HappeningListener[]) => listeners,
        },
      ],
    };
  }
}

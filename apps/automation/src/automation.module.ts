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

@Module({})
export class AutomationModule {
  static register({
    dataSource,
    messaging,
  }: {
    dataSource: DataSource;
    messaging: Messaging;
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
      ],
    };
  }
}

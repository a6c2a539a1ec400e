import { Messaging1700000000000 } from './messaging.migration';
import { OutboxLeases1700000000001 } from './outbox-leases.migration';

/** To be put before a service's own migrations; their timestamps are below all of those. */
export const messagingMigrations = [Messaging1700000000000, OutboxLeases1700000000001];

import { Messaging1700000000000 } from './messaging.migration';

/** To be put before a service's own migrations. */
export const messagingMigrations = [Messaging1700000000000];

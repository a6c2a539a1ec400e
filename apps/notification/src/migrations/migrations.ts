import { messagingMigrations } from '@tearoff/messaging';
import { Deliveries1700000001001 } from './0001-deliveries';
import { Lanes1700000003001 } from './0003-lanes';

export const migrations = [...messagingMigrations, Deliveries1700000001001, Lanes1700000003001];

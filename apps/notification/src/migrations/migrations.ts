import { messagingMigrations } from '@tearoff/messaging';
import { Deliveries1700000001001 } from './0001-deliveries';

export const migrations = [...messagingMigrations, Deliveries1700000001001];

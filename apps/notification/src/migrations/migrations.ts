import { messagingMigrations } from '@tearoff/messaging';
import { Deliveries1700000001001 } from './0001-deliveries';
import { OptOuts1700000002001 } from './0002-opt-outs';
import { Lanes1700000003001 } from './0003-lanes';
import { RoomForUpdates1700000005001 } from './0005-room-for-updates';
import { Templates1700000006001 } from './0006-templates';
import { MessageKeys1700000008001 } from './0008-message-keys';
import { RoomForBothUpdates1700000009001 } from './0009-room-for-both-updates';
import { SuppressedForms1700000010001 } from './0010-suppressed-forms';

export const migrations = [
  ...messagingMigrations,
  Deliveries1700000001001,
  OptOuts1700000002001,
  Lanes1700000003001,
  RoomForUpdates1700000005001,
  Templates1700000006001,
  MessageKeys1700000008001,
  RoomForBothUpdates1700000009001,
  SuppressedForms1700000010001,
];

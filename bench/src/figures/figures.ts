import type { Figure } from '../figure';
import { codes } from './codes.figure';
import { email } from './email.figure';
import { eventIntake } from './events.figure';
import { issue } from './issue.figure';
import { listMemory } from './list-memory.figure';
import { list } from './list.figure';
import { members } from './members.figure';
import { points } from './points.figure';
import { push } from './push.figure';
import { redeem, redeemCluster } from './redeem.figure';
import { relay } from './relay.figure';
import { sms } from './sms.figure';
import { validate } from './validate.figure';
import { workflows } from './workflows.figure';

/** Those that share a deployment stand together, so that it is started once. */
export const figures: readonly Figure[] = [
  redeem,
  validate,
  issue,
  eventIntake,
  codes,
  sms,
  list,
  workflows,
  points,
  members,
  listMemory,
  push,
  redeemCluster,
  email,
  relay,
];

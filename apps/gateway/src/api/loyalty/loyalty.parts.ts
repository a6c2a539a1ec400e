import { CardsController } from './cards.controller';
import { EnrolmentsController } from './enrolments.controller';
import { MembersController } from './members.controller';
import { PointsController } from './points.controller';
import { RewardsController } from './rewards.controller';

export const loyaltyControllers = [
  CardsController,
  MembersController,
  EnrolmentsController,
  PointsController,
  RewardsController,
];

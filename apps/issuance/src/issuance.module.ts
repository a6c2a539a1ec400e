import { Module, type DynamicModule } from '@nestjs/common';
import { MessagingModule, type Messaging } from '@tearoff/messaging';
import { Clock, DatabaseModule } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import { CampaignsController } from './campaigns/campaigns.controller';
import { CampaignsService } from './campaigns/campaigns.service';
import { CodeImportService } from './codes/code-import.service';
import { CodeSupply } from './codes/code-supply';
import { CodesController } from './codes/codes.controller';
import { GenerateCodesJob } from './codes/generate-codes.job';
import { ImportCodesJob } from './codes/import-codes.job';
import { LowStock } from './codes/low-stock';
import { StackService } from './codes/stack.service';
import { CouponSearch } from './coupons/coupon.search';
import { CouponsConsumer } from './coupons/coupons.consumer';
import { CouponsController } from './coupons/coupons.controller';
import { CouponsService } from './coupons/coupons.service';
import { IssueIdempotency } from './coupons/issue-idempotency';
import { IssueService } from './coupons/issue.service';
import { KnownAddresses } from './coupons/known-addresses';
import { LockedIssue } from './coupons/locked-issue';
import { OpenIssue } from './coupons/open-issue';
import { Sending } from './coupons/sending';
import { AssignedIssue } from './distributions/assigned-issue';
import { DistributionJob } from './distributions/distribution.job';
import { DistributionsController } from './distributions/distributions.controller';
import { DistributionsService } from './distributions/distributions.service';
import { ListIssue } from './distributions/list-issue';
import { Drawing } from './games/drawing';
import { GamesController } from './games/games.controller';
import { GamesService } from './games/games.service';
import { JobControl } from './jobs/job-control';
import { JobsController } from './jobs/jobs.controller';
import { JobsRunner } from './jobs/jobs.runner';
import { JobsService } from './jobs/jobs.service';
import { Erasing } from './people/erasing';
import { Exports } from './people/exports';
import { PeopleController } from './people/people.controller';
import { RewardsConsumer } from './rewards/rewards.consumer';

export interface IssuanceParts {
  dataSource: DataSource;
  messaging: Messaging;
  clock: Clock;
}

/** Everything issuance answers (controllers), hears (the consumer) and does by itself (the runner). */
@Module({})
export class IssuanceModule {
  static register({ dataSource, messaging, clock }: IssuanceParts): DynamicModule {
    return {
      module: IssuanceModule,
      imports: [DatabaseModule.forRoot(dataSource), MessagingModule.forRoot(messaging)],
      controllers: [
        CampaignsController,
        CouponsController,
        CodesController,
        JobsController,
        DistributionsController,
        GamesController,
        PeopleController,
        CouponsConsumer,
        RewardsConsumer,
      ],
      providers: [
        { provide: Clock, useValue: clock },
        CampaignsService,
        IssueIdempotency,
        IssueService,
        KnownAddresses,
        OpenIssue,
        LockedIssue,
        Sending,
        Drawing,
        GamesService,
        CouponsService,
        CouponSearch,
        CodeSupply,
        LowStock,
        StackService,
        CodeImportService,
        JobsService,
        JobControl,
        GenerateCodesJob,
        ImportCodesJob,
        DistributionsService,
        AssignedIssue,
        ListIssue,
        DistributionJob,
        JobsRunner,
        Exports,
        Erasing,
      ],
    };
  }
}

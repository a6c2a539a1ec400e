import { Module } from '@nestjs/common';
import { CampaignDirectory } from './campaign-directory';
import { VisitReporter } from './visit-reporter';

/** Counts visits and tells of them. Needs the global MessagingModule (CommandClient, Outbox). */
@Module({ providers: [CampaignDirectory, VisitReporter], exports: [CampaignDirectory, VisitReporter] })
export class VisitsModule {}

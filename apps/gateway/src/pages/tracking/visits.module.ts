import { Module } from '@nestjs/common';
import { CampaignDirectory } from './campaign-directory';
import { VisitTeller } from './visit-teller';

/** Counts visits and tells of them. Needs the global MessagingModule (CommandClient, Outbox). */
@Module({ providers: [CampaignDirectory, VisitTeller], exports: [CampaignDirectory, VisitTeller] })
export class VisitsModule {}

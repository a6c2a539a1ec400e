import { prepared } from '@tearoff/service-kit';
import type { DataSource } from 'typeorm';
import { CampaignEntity } from './campaign.entity';

/**
 * Campaigns as they stand right now, in any order. Asked for with every batch of coupons: a query that TypeORM
 * builds, and PostgreSQL plans, anew each time took a twentieth of what issuing takes.
 */
export function readCampaigns(dataSource: DataSource, ids: readonly string[]): Promise<CampaignEntity[]> {
  const columns = dataSource
    .getMetadata(CampaignEntity)
    .columns.map(({ databaseName, propertyName }) => `${databaseName} as "${propertyName}"`);
  const text = `select ${columns.join(', ')} from campaign where id = any($1)`;
  return prepared<CampaignEntity & Record<string, unknown>>(dataSource, { name: 'campaigns-by-id', text }, [
    ids,
  ]);
}

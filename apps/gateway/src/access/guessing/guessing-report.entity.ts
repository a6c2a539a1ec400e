import { Entity, PrimaryColumn } from 'typeorm';

/** That guessing with this key was told in this hour; `storeId` is empty where no store was named. */
@Entity('guessing_report')
export class GuessingReportEntity {
  @PrimaryColumn('text', { name: 'account_id', collation: 'C' }) accountId: string;
  @PrimaryColumn('text', { name: 'api_key_id', collation: 'C' }) apiKeyId: string;
  @PrimaryColumn('text', { name: 'store_id', collation: 'C' }) storeId: string;
  @PrimaryColumn('timestamptz') hour: Date;
}

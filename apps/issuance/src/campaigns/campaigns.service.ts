import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import {
  CampaignChanged,
  newId,
  type Campaign,
  type CampaignInput,
  type CampaignView,
  type DomainError,
  type ListCampaigns,
  type ReplyOf,
  type RequestOf,
} from '@tearoff/contracts';
import { Outbox, type Transaction } from '@tearoff/messaging';
import { DataSource, LessThan } from 'typeorm';
import { Clock, decodeIdCursor, toPage } from '@tearoff/service-kit';
import {
  createCounters,
  isOpen,
  lockCounters,
  readCounters,
  setLanes,
  type Counters,
} from './campaign-counters';
import { CampaignEntity, campaignOf } from './campaign.entity';
import { readCampaigns } from './campaign.reading';
import { patched } from './campaign.patch';
import { ruleFaults } from './campaign.rules';
import { currencyFaults, moneyOf } from './currency.rules';
import { columnsOf, completed, settingsOf, type CampaignSettings } from './campaign.settings';
import { shapeFaults } from './campaign.shape';
import { campaignInUse, campaignInvalid, campaignNotFound, totalBelowIssued } from './campaigns.errors';
import { formatFaults } from '../codes/code-rules';
import { refitted, refuseUnfitCodes } from './barcode-change';
import { hasBoundedOffers, recountOffers } from './offer-counters';

@Injectable()
export class CampaignsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async create(accountId: string, input: CampaignInput): Promise<CampaignView> {
    const settings = checked(input);
    refuseUnfitFormat(settings);
    return this.outbox.transaction(async (tx) => {
      const now = this.clock.now();
      const row = tx.create(CampaignEntity, {
        id: newId('campaign'),
        accountId,
        version: 1,
        ...columnsOf(settings),
        stacked: false,
        foreignCodes: false,
        createdAt: now,
        updatedAt: now,
      });
      await tx.insert(CampaignEntity, row);
      await createCounters(tx, row.id, isOpen(row, false));
      await this.tell(tx, row);
      return viewOf(row, { issued: 0, taken: 0, stocked: 0 });
    });
  }

  async update(accountId: string, campaignId: string, patch: Record<string, unknown>): Promise<CampaignView> {
    return this.outbox.transaction(async (tx) => {
      const row = await tx.findOne(CampaignEntity, {
        where: { id: campaignId, accountId },
        lock: { mode: 'pessimistic_write' },
      });
      if (!row) throw campaignNotFound();
      const before = settingsOf(row);
      const counters = await lockCounters(tx, campaignId);
      const hasCodes = counters.issued > 0 || counters.stocked > 0;
      const after = checked(
        hasCodes ? patched(before, patch) : refitted(before, patched(before, patch), patch),
        before,
      );
      if (isDeepStrictEqual(before, after)) return viewOf(row, counters);
      refuseBreaking(before, after, counters);
      if (before.barcode !== after.barcode) await refuseUnfitCodes(tx, row, after);
      if (before.barcode !== after.barcode || !isDeepStrictEqual(before.codes, after.codes))
        refuseUnfitFormat(after);
      const next = tx.create(CampaignEntity, {
        ...row,
        ...columnsOf(after),
        version: row.version + 1,
        updatedAt: this.clock.now(),
      });
      await tx.save(CampaignEntity, next);
      await setLanes(tx, campaignId, isOpen(next, next.stacked));
      if (hasBoundedOffers(after) && !hasBoundedOffers(before)) await recountOffers(tx, campaignId);
      await this.tell(tx, next);
      return viewOf(next, counters);
    });
  }

  async get(accountId: string, campaignId: string): Promise<CampaignView> {
    const row = await this.dataSource.manager.findOneBy(CampaignEntity, { id: campaignId, accountId });
    if (!row) throw campaignNotFound();
    return (await this.views([row]))[0];
  }

  async list(request: RequestOf<typeof ListCampaigns>): Promise<ReplyOf<typeof ListCampaigns>> {
    const { accountId, status, limit = 50, cursor } = request;
    const before = decodeIdCursor(cursor, 'campaign');
    const rows = await this.dataSource.manager.find(CampaignEntity, {
      where: {
        accountId,
        ...(status && { status }),
        ...(before && { id: LessThan(before) }),
      },
      order: { id: 'desc' },
      take: limit + 1,
    });
    const page = rows.slice(0, limit);
    return {
      data: await this.views(page),
      nextCursor: toPage(rows, limit, (row) => row).nextCursor,
    };
  }

  /** Each of them, of any account. */
  async find(campaignIds: readonly string[]): Promise<(Campaign | DomainError)[]> {
    const rows = await this.byId(campaignIds);
    return campaignIds.map((id) => {
      const row = rows.get(id);
      return row ? campaignOf(row) : campaignNotFound();
    });
  }

  /** Whatever of these exist, of any account. */
  async byId(campaignIds: Iterable<string>): Promise<Map<string, CampaignEntity>> {
    const rows = await readCampaigns(this.dataSource, [...new Set(campaignIds)]);
    return new Map(rows.map((row) => [row.id, row]));
  }

  private async views(rows: readonly CampaignEntity[]): Promise<CampaignView[]> {
    const counters = await readCounters(
      this.dataSource.manager,
      rows.map((row) => row.id),
    );
    return rows.map((row) => viewOf(row, counters.get(row.id)!));
  }

  private tell(tx: Transaction, row: CampaignEntity): Promise<void> {
    return this.outbox.add(tx, CampaignChanged, [campaignOf(row)]);
  }
}

/** `before`: as it was saved, of a campaign that is changed. */
function checked(input: unknown, before?: CampaignSettings): CampaignSettings {
  const shape = shapeFaults(input);
  if (shape.length > 0) throw campaignInvalid(shape);
  const settings = completed(input as CampaignInput);
  // A campaign that was saved before minimums had to have a currency can be paused or reworded without one.
  const paysAsBefore = before !== undefined && isDeepStrictEqual(moneyOf(before), moneyOf(settings));
  const faults = [...ruleFaults(settings), ...(paysAsBefore ? [] : currencyFaults(settings))];
  if (faults.length > 0) throw campaignInvalid(faults);
  return settings;
}

function refuseUnfitFormat(settings: CampaignSettings): void {
  const faults = formatFaults(settings);
  if (faults.length > 0) throw campaignInvalid(faults);
}

/** `lowStock` and `topUp` only say when to warn and to make more, so they may always change. */
function refuseBreaking(before: CampaignSettings, after: CampaignSettings, counters: Counters): void {
  const { total } = after.limits;
  if (total !== null && total < counters.issued) throw totalBelowIssued(counters.issued);
  if (counters.issued === 0 && counters.stocked === 0) return;
  const format = ({ codes }: CampaignSettings) => ({ ...codes, lowStock: null, topUp: null });
  if (before.type !== after.type || !isDeepStrictEqual(format(before), format(after))) throw campaignInUse();
}

function viewOf(row: CampaignEntity, { issued, taken, stocked }: Counters): CampaignView {
  const hasStack = row.stacked || row.codes.source === 'imported';
  return { ...campaignOf(row), issued, stock: hasStack ? stocked - taken : null };
}

import { gs1CouponPattern, type CodeFormat, type Symbology } from '@tearoff/contracts';
import type { EntityManager } from 'typeorm';
import { completedFormat } from '../codes/code-patterns';
import { formatFaults } from '../codes/code-rules';
import type { CampaignEntity } from './campaign.entity';
import type { CampaignSettings } from './campaign.settings';
import { codesDoNotFit } from './campaigns.errors';

const formatNames = ['length', 'prefix', 'charset'] as const;

/**
 * Settings after a change of the barcode where there are no codes yet: what was never said about their format becomes
 * the usual of the new symbology.
 */
export function refitted(before: CampaignSettings, after: unknown, patch: Record<string, unknown>): unknown {
  const next = after as { barcode?: Symbology; codes?: Partial<CodeFormat> };
  if (next.barcode === undefined || next.barcode === before.barcode || !next.codes) return after;
  const said = (patch.codes ?? {}) as Record<string, unknown>;
  const usual = completedFormat(before.barcode, {});
  const codes = { ...next.codes };
  for (const name of formatNames)
    if (said[name] === undefined && before.codes[name] === usual[name]) delete codes[name];
  if (next.barcode !== 'gs1-8112')
    for (const name of ['funderId', 'offerCode'] as const) if (said[name] === undefined) delete codes[name];
  return { ...next, codes };
}

/** Of a code as it is printed. The same rules as `symbologyFault`, which a table of millions is not read into. */
const unfit: Partial<Record<Symbology, string>> = {
  code128: `length(printed) > 24 and (printed !~ '^[0-9]+$' or length(printed) > 44)`,
  ean13: `case when printed !~ '^[0-9]{13}$' then true else (${weights()}) % 10 <> 0 end`,
  'gs1-8112': `printed !~ '^(8112)?${gs1CouponPattern}$'`,
};

function weights(): string {
  const terms = Array.from(
    { length: 13 },
    (_, at) => `substr(printed, ${at + 1}, 1)::int * ${at % 2 === 0 ? 1 : 3}`,
  );
  return terms.join(' + ');
}

/** Fails when the campaign has a code, in its stack, out or on its way, that the new symbology cannot carry. */
export async function refuseUnfitCodes(
  tx: EntityManager,
  row: CampaignEntity,
  after: CampaignSettings,
): Promise<void> {
  const condition = unfit[after.barcode];
  if (condition === undefined) return;
  const ownPattern = after.codes.source === 'generated' && !row.foreignCodes;
  if (after.barcode === 'code128' && ownPattern && formatFaults(after).length === 0) return;
  const [{ found }] = (await tx.query(
    `select coalesce(
       (select printed from (select coalesce(printed_code, code) as printed from stack_code where campaign_id = $1) as stack
        where ${condition} limit 1),
       (select printed from (select coalesce(printed_code, code) as printed from coupon where campaign_id = $1) as given
        where ${condition} limit 1),
       (select printed from (
          select coalesce(staged.printed_code, staged.code) as printed
          from job join code_import staged on staged.job_id = job.id
          where job.campaign_id = $1 and job.finished_at is null) as coming
        where ${condition} limit 1)) as found`,
    [row.id],
  )) as { found: string | null }[];
  if (found !== null) throw codesDoNotFit(found, after.barcode);
}

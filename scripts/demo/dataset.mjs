import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The year as Tearoff's words: campaigns, coupons and who presented which when. A household has one coupon for each
 * product it ever redeemed in a campaign, and one when it redeemed none: that is all the data tells of what was in
 * the envelope.
 */
export function readDataset(folder, only = () => true) {
  const rows = (name) => parse(readFileSync(join(folder, name), 'utf8'));
  const campaigns = rows('campaign_descriptions.csv')
    .map((row) => ({ id: row.campaign_id, type: row.campaign_type, from: row.start_date, to: row.end_date }))
    .filter(({ id }) => only(id));
  const presented = rows('coupon_redemptions.csv')
    .filter((row) => only(row.campaign_id))
    .map((row, index) => ({
      key: keyOf(row.campaign_id, row.household_id, row.coupon_upc),
      campaign: row.campaign_id,
      household: row.household_id,
      product: row.coupon_upc,
      day: row.redemption_date,
      receipt: `journey-${index + 1}`,
    }))
    .sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
  const coupons = new Map();
  const redeeming = new Set();
  for (const { key, campaign, household, product } of presented) {
    coupons.set(key, { key, campaign, household, product });
    redeeming.add(keyOf(campaign, household));
  }
  for (const { campaign_id: campaign, household_id: household } of rows('campaigns.csv')) {
    const key = keyOf(campaign, household);
    if (only(campaign) && !redeeming.has(key))
      coupons.set(key, { key, campaign, household, product: undefined });
  }
  return { campaigns, coupons: [...coupons.values()], presented };
}

const keyOf = (...parts) => parts.join(' ');

/** These files quote nothing. */
function parse(text) {
  const [header, ...lines] = text.trim().split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) =>
    Object.fromEntries(line.split(',').map((value, index) => [names[index], value])),
  );
}

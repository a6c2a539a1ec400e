import { join } from 'node:path';
import { apiOf } from '../scripts/demo/api.mjs';
import { readDataset } from '../scripts/demo/dataset.mjs';
import { replay } from '../scripts/demo/replay.mjs';
import { admin, startSystem, type System } from './api/system';

const folder = join(__dirname, 'data', 'complete-journey');

describe('a year of real coupons', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(() => system?.stop());

  it('is 7,872 coupons, of which 2,075 different ones were presented 2,102 times', () => {
    const { campaigns, coupons, presented } = readDataset(folder);
    expect(campaigns).toHaveLength(27);
    expect(coupons).toHaveLength(7_872);
    expect(presented).toHaveLength(2_102);
    expect(new Set(presented.map(({ key }) => key)).size).toBe(2_075);
    expect(presented.map(({ day }) => day)).toEqual(presented.map(({ day }) => day).sort());
  });

  it('some of its campaigns, replayed: each coupon is taken once, and the funnel shows just that', async () => {
    const chosen = ['5', '10', '19', '25'];
    const dataset = readDataset(folder, (campaign) => chosen.includes(campaign));
    const different = new Set(dataset.presented.map(({ key }) => key)).size;
    expect(dataset.presented.length).toBeGreaterThan(different);
    const call = apiOf(system.url, admin['x-client-id'], admin['x-client-secret']);
    const { outcomes, accepted, funnel } = await replay(call, dataset);
    expect(accepted).toBe(different);
    const refused = outcomes.filter(({ outcome }) => outcome !== 'accepted');
    expect(refused.length).toBe(dataset.presented.length - different);
    expect(new Set(refused.map(({ outcome }) => outcome))).toEqual(new Set(['coupon.already_redeemed']));
    expect(funnel.map(({ campaign }) => campaign)).toEqual(chosen);
    for (const { campaign, issued, group } of funnel) {
      expect(issued).toBe(dataset.coupons.filter((coupon) => coupon.campaign === campaign).length);
      expect(group.source).toMatch(/^mailer::Type [ABC]$/);
    }
  }, 60_000);
});

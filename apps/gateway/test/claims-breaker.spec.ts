import { ClaimsHalted, SendNotice } from '@tearoff/contracts';
import { eventually } from '@tearoff/testing';
import { ClaimBreaker } from '../src/pages/claims/claim-breaker';
import { ClaimsWorld } from './claims.world';

let world: ClaimsWorld;
beforeAll(async () => {
  world = await ClaimsWorld.start();
});
afterAll(() => world?.stop());

describe('the circuit breaker', () => {
  const serve = (campaignId: string, count: number, opened: number, minutesAgo = 31) =>
    world.database.query(
      `insert into claim_message (id, campaign_id, served_at, opened_at)
       select $1 || n, $1, now() - $4 * interval '1 min', case when n <= $3 then now() end
         from generate_series(1, $2::int) n on conflict (id) do update set opened_at = excluded.opened_at`,
      [campaignId, count, opened, minutesAgo],
    );
  const gate = (campaign: { id: string }) => world.harness.call('GET', `/v1/campaigns/${campaign.id}/claims`);
  const review = ({ id, accountId }: { id: string; accountId: string }) =>
    world.harness.gateway.app.get(ClaimBreaker, { strict: false }).judge(accountId, id);

  it.each([
    ['nearly no one opens', 200, 3, 31, 'halted'],
    ['two in a hundred open', 200, 4, 31, 'open'],
    ['too few went out to tell', 199, 0, 31, 'open'],
    ['they went out a moment ago', 500, 0, 5, 'open'],
  ])('when %s', async (_, served, opened, minutesAgo, status) => {
    const campaign = world.campaign();
    await serve(campaign.id, served, opened, minutesAgo);
    await review(campaign);
    expect((await gate(campaign)).body).toMatchObject({ status, served, opened });
    expect((await world.claim(campaign)).status).toBe(status === 'halted' ? 409 : 202);
  });

  it('looks at the newest: many who opened theirs before hide no one', async () => {
    const campaign = world.campaign();
    await serve(campaign.id, 5_000, 5_000, 600);
    await review(campaign);
    expect((await gate(campaign)).body).toMatchObject({ status: 'open' });
    await world.database.query(
      `insert into claim_message (id, campaign_id, served_at)
       select $1 || 'new' || n, $1, now() - interval '31 min' from generate_series(1, 500) n`,
      [campaign.id],
    );
    await review(campaign);
    expect((await gate(campaign)).body).toMatchObject({ status: 'halted' });
  });

  it('counts passcodes, which cost as much: followed when they are used, and not when no one was written to', async () => {
    const campaign = world.campaign({ passcode: true });
    await world.claim(campaign);
    await world.settled();
    expect((await gate(campaign)).body).toMatchObject({ served: 1, opened: 0 });
    const { text } = world.harness.others.askedFor(SendNotice).at(-1)!;
    await world.claim(campaign, { passcode: /\d{6}/.exec(text)![0] });
    await world.settled();
    expect((await gate(campaign)).body).toMatchObject({ served: 2, opened: 1 });
    world.harness.others.on(SendNotice, () => ({ suppressed: true }));
    await world.claim(campaign, { recipient: { phone: '07400 123459' } });
    await world.settled();
    world.answer();
    expect((await gate(campaign)).body).toMatchObject({ served: 2 });
  });

  it('tells it once, says so on the page, and opens again when it is told to', async () => {
    const campaign = world.campaign();
    const told = await world.hear(ClaimsHalted.type);
    await serve(campaign.id, 300, 0);
    await Promise.all([review(campaign), review(campaign)]);
    const page = await world.harness.call('GET', `/o/${campaign.id}`, { as: null });
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('Closed for the moment') });
    expect((await world.form(campaign)).body).toMatchObject({ open: false, code: 'claim.halted' });
    await eventually(() => expect(told).toMatchObject([{ campaignId: campaign.id, served: 300, opened: 0 }]));
    const resumed = await world.harness.call('POST', `/v1/campaigns/${campaign.id}/claims/resume`);
    expect(resumed).toMatchObject({ status: 200, body: { status: 'open', served: 0 } });
    await review(campaign);
    expect((await world.claim(campaign)).status).toBe(202);
  });

  it("is another account's secret", async () => {
    const campaign = world.campaign({}, { accountId: 'acc_00000000000000000000000000' });
    expect((await gate(campaign)).status).toBe(404);
    expect((await world.harness.call('POST', `/v1/campaigns/${campaign.id}/claims/resume`)).status).toBe(404);
  });

  it('counts a coupon as opened when a person looks at it, not a preview and not a HEAD', async () => {
    const campaign = world.campaign();
    await world.claim(campaign);
    await world.settled();
    const coupon = [...world.coupons.values()].find(({ campaignId }) => campaignId === campaign.id)!;
    world.face(coupon, campaign);
    const look = (method: string, agent: string) =>
      world.harness.call(method, `/c/${coupon.token}`, { as: null, headers: { 'user-agent': agent } });
    const person = 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130 Mobile';
    await look('GET', 'WhatsApp/2.23');
    await look('HEAD', person);
    expect((await gate(campaign)).body).toMatchObject({ served: 1, opened: 0 });
    expect((await look('GET', person)).status).toBe(200);
    await eventually(async () => expect((await gate(campaign)).body).toMatchObject({ served: 1, opened: 1 }));
  });
});

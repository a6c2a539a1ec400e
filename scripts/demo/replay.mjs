import { setTimeout as pause } from 'node:timers/promises';
import { inParallel } from './api.mjs';

const atOnce = 32;
const patienceMs = 60_000;

/**
 * Makes the campaigns, issues the coupons and presents them day by day, as a shop would over the public API. Resolves
 * with what was answered, and with the funnel once it has heard of everything.
 */
export async function replay(call, { campaigns, coupons, presented }, say = () => undefined) {
  const ids = new Map();
  await inParallel(campaigns, 4, async ({ id, type, from, to }) => {
    const made = await expected(201, call, 'POST', '/v1/campaigns', {
      name: `Journey ${id} (${type}, ${from} to ${to})`,
      content: { title: `Campaign ${id}` },
      // A household was sent several coupons of a campaign: one for each product.
      limits: { perRecipient: null },
    });
    ids.set(id, made.id);
  });
  say(`${campaigns.length} campaigns made`);

  const types = new Map(campaigns.map(({ id, type }) => [id, type]));
  const codes = new Map();
  await inParallel(coupons, atOnce, async ({ key, campaign, household, product }) => {
    const issued = await expected(201, call, 'POST', '/v1/coupons', {
      campaignId: ids.get(campaign),
      recipient: { externalId: `household-${household}` },
      source: { medium: 'mailer', ad: types.get(campaign) },
      ...(product && { metadata: { product } }),
    });
    codes.set(key, issued.code);
  });
  say(`${coupons.length} coupons issued`);

  const outcomes = [];
  for (const day of daysOf(presented)) {
    await inParallel(day, atOnce, async (presentation) => {
      const { status, body } = await call('POST', '/v1/redemptions', {
        code: codes.get(presentation.key),
        transactionRef: presentation.receipt,
      });
      outcomes.push({ ...presentation, outcome: status === 201 ? 'accepted' : body.code });
    });
  }
  const accepted = outcomes.filter(({ outcome }) => outcome === 'accepted').length;
  say(`${presented.length} coupons presented`);
  const wanted = { issued: coupons.length, redeemed: accepted };
  const funnel = await settledFunnel(call, new Map([...ids].map(([name, id]) => [id, name])), wanted);
  return { outcomes, accepted, funnel };
}

async function expected(status, call, method, path, body) {
  const answer = await call(method, path, body);
  if (answer.status !== status)
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** One array for each day, in order. */
function daysOf(presented) {
  const days = new Map();
  for (const each of presented) days.set(each.day, [...(days.get(each.day) ?? []), each]);
  return days.values();
}

/** Reports follow events: the funnel of our campaigns, as soon as it has counted all that we did. */
async function settledFunnel(call, names, wanted) {
  for (const until = Date.now() + patienceMs; ; await pause(100)) {
    const report = await expected(200, call, 'GET', '/v1/reports/funnel?groupBy=campaign,source');
    const lines = report.data
      .filter(({ group }) => names.has(group.campaign))
      .map((line) => ({ ...line, campaign: names.get(line.group.campaign) }))
      .sort((a, b) => Number(a.campaign) - Number(b.campaign));
    const sum = (name) => lines.reduce((total, line) => total + line[name], 0);
    if (sum('issued') === wanted.issued && sum('redeemed') === wanted.redeemed) return lines;
    if (Date.now() > until)
      throw new Error(
        `the funnel shows ${sum('issued')} issued and ${sum('redeemed')} redeemed, not ${JSON.stringify(wanted)}`,
      );
  }
}

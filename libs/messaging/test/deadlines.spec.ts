import { GetCampaign, GetCoupon, newId } from '@tearoff/contracts';
import { CommandClient } from '../src/rpc/command-client';
import { CommandServer } from '../src/rpc/command-server';
import type { CommandMessage, ReplyMessage } from '../src/rpc/rpc-message';
import type { Link } from '../src/transport';

const accountId = newId('account');
const silent = { log: () => undefined, warn: () => undefined, error: () => undefined };

/** A caller and a service on two hosts, whose clocks differ by `skewMs`. */
function hosts(skewMs: number) {
  let elapsed = 0;
  const sent: { message: CommandMessage; timeoutMs: number }[] = [];
  const server = new CommandServer(silent, () => elapsed + skewMs);
  const link = {
    async request(_: string, message: CommandMessage, timeoutMs: number): Promise<ReplyMessage> {
      sent.push({ message, timeoutMs });
      return (await server.answer(JSON.parse(JSON.stringify(message)))) ?? { results: [] };
    },
  } as unknown as Link;
  const client = new CommandClient(link, () => elapsed);
  const pass = (ms: number): void => void (elapsed += ms);
  return { client, server, sent, pass };
}

describe('deadlines of commands', () => {
  it.each([5_000, -5_000, 3_600_000, -3_600_000])(
    'are kept although the clocks are %i ms apart',
    async (skewMs) => {
      const { client, server, sent } = hosts(skewMs);
      server.add(GetCampaign, () => Promise.resolve({ id: 'cam_1' }));
      const answer = client.send(GetCampaign, { accountId, campaignId: 'cam_1' }, { deadlineMs: 1_000 });
      await expect(answer).resolves.toEqual({ id: 'cam_1' });
      expect(sent).toMatchObject([{ timeoutMs: 1_000, message: { items: [{ timeoutMs: 1_000 }] } }]);
    },
  );

  it.each([5_000, -5_000])(
    'are sent as the time left, for callers that still wait, with clocks %i ms apart',
    async (skewMs) => {
      const { client, server, sent, pass } = hosts(skewMs);
      server.add(GetCoupon, (requests) =>
        Promise.resolve((requests as { couponId: string }[]).map(({ couponId }) => ({ id: couponId }))),
      );
      const early = client.send(GetCoupon, { accountId, couponId: 'cpn_1' }, { deadlineMs: 1_000 });
      const late = client.send(GetCoupon, { accountId, couponId: 'cpn_2' }, { deadlineMs: 500 });
      pass(600);
      await expect(late).rejects.toMatchObject({ code: 'service.deadline_exceeded' });
      await expect(early).resolves.toEqual({ id: 'cpn_1' });
      expect(sent[0].message.items.map(({ timeoutMs }) => timeoutMs)).toEqual([400]);
    },
  );

  it('hold for the items of a failed batch that are run one by one', async () => {
    const { client, server, pass } = hosts(5_000);
    const handled: string[] = [];
    server.add(GetCoupon, (requests) => {
      const ids = (requests as { couponId: string }[]).map(({ couponId }) => couponId);
      if (ids.length > 1) return Promise.reject(new Error('not together'));
      handled.push(...ids);
      pass(700);
      return Promise.resolve(ids.map((id) => ({ id })));
    });
    const send = (couponId: string) => client.send(GetCoupon, { accountId, couponId }, { deadlineMs: 1_000 });
    const outcomes = await Promise.allSettled([send('cpn_1'), send('cpn_2'), send('cpn_3')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(handled).toEqual(['cpn_1', 'cpn_2']);
  });

  it('that lie far apart do not share a message, which expires with its most urgent request', async () => {
    const { client, server, sent } = hosts(0);
    server.add(GetCoupon, (requests) =>
      Promise.resolve((requests as { couponId: string }[]).map(({ couponId }) => ({ id: couponId }))),
    );
    const send = (deadlineMs: number) =>
      client.send(GetCoupon, { accountId, couponId: 'cpn_1' }, { deadlineMs });
    await Promise.all([send(500), send(800), send(20_000), send(20_000)]);
    expect(sent.map(({ timeoutMs, message }) => [timeoutMs, message.items.length])).toEqual([
      [500, 2],
      [20_000, 2],
    ]);
  });
});

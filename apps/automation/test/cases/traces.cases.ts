import {
  ChangePoints,
  EventRecorded,
  GetCampaign,
  IssueCoupon,
  SendMessages,
  type MessageContext,
} from '@tearoff/contracts';
import { eventually } from '@tearoff/testing';
import type { Scene } from '../scene';

const hour = 3_600_000;
const day = 24 * hour;
const contextOf = (n: number): MessageContext => ({
  correlationId: `request ${n}`,
  traceparent: `00-${n.toString(16).padStart(32, 'a')}-${'b'.repeat(16)}-01`,
});
const byRequest = (a: MessageContext | undefined, b: MessageContext | undefined): number =>
  (a?.correlationId ?? '').localeCompare(b?.correlationId ?? '');

/** Which request it was that caused what a run does. */
export function traceCases(scene: Scene): void {
  it('whatever a run asks for, also after a delay, carries the context of the event that started it', async () => {
    const { world, campaignId, templateId } = scene;
    const { owners, accountId } = world;
    const workflow = await world.workflow({
      trigger: { event: 'traced', repeat: 'every' },
      steps: [
        { delay: { until: { time: '10:00', zone: 'campaign' } } },
        { issueCoupon: { campaignId } },
        { delay: { for: 'PT1H' } },
        { sendMessage: { templateId } },
        { awardPoints: { cardId: owners.card(accountId), points: 5 } },
      ],
    });
    owners.contexts.length = 0;
    const contexts = [1, 2, 3].map(contextOf);
    const items = world.happened('traced', ...contexts.map(() => ({ params: { campaignId } })));
    await world.tell(EventRecorded, items, { contexts });
    for (const ms of [day, hour]) {
      await eventually(async () => {
        const runs = await world.runs(workflow);
        expect(runs.map(({ status }) => status)).toEqual(['waiting', 'waiting', 'waiting']);
      });
      await world.pass(ms + 1_000);
    }
    await eventually(async () => {
      const runs = await world.runs(workflow);
      expect(runs.map(({ status }) => status)).toEqual(['completed', 'completed', 'completed']);
    });
    for (const command of [GetCampaign, IssueCoupon, SendMessages, ChangePoints]) {
      const came = owners.contexts.filter((each) => each.command === command.name);
      expect([command.name, came.map(({ context }) => context).sort(byRequest)]).toEqual([
        command.name,
        contexts,
      ]);
    }
  });
}

import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { CouponVoided, GetMember, newId, notFound, type ItemOf, type RequestOf } from '@tearoff/contracts';
import { answerFor } from './answer-for';
import { Callers } from './callers';
import { eventually } from './eventually';
import { otherEventsOf } from './other-events';
import { startStandIn, type StandIn } from './stand-in';
import { openTestHost, type TestHost } from './test-host';
import { overBothTransports } from './test-transport';
import { times } from './times';

class Heard {
  readonly voided: ItemOf<typeof CouponVoided>[] = [];
}

@Controller()
class Issuance {
  constructor(@Inject(Heard) private readonly heard: Heard) {}

  @EventPattern<string>(CouponVoided.type)
  onVoided(@Payload() items: ItemOf<typeof CouponVoided>[]): void {
    this.heard.voided.push(...items);
  }

  @EventPattern<string[]>(otherEventsOf('issuance', CouponVoided))
  onOther(): void {}
}

overBothTransports((means) => {
  const heard = new Heard();
  let host: TestHost;
  let standIn: StandIn;
  let callers: Callers;

  beforeAll(async () => {
    host = await openTestHost(means, ['issuance']);
    standIn = await startStandIn({ service: 'issuance', ...host, controller: Issuance, state: heard });
    callers = await Callers.open(host.transport, standIn.dataSource, 2);
  });
  afterAll(async () => {
    await callers?.close();
    await standIn?.stop();
    await host?.cleanup();
  });

  it('a stand-in hears what a caller tells', async () => {
    const voided = times(3, (index) => ({
      accountId: newId('account'),
      couponId: newId('coupon'),
      campaignId: newId('campaign'),
      code: `CODE${index}`,
      voidedAt: '2031-01-01T00:00:00.000Z',
      reason: null,
    }));
    await callers.tell(CouponVoided, voided);
    await eventually(() => expect(heard.voided).toEqual(voided));
  });

  it('an answer, or the error that is thrown for it, reaches who asked', async () => {
    const link = await answerFor(
      'loyalty',
      host.transport,
      (command, request: RequestOf<typeof GetMember>) => {
        if (command !== GetMember.name || request.memberId === 'nobody')
          throw notFound('member.not_found', 'There is no such member.');
        return { id: request.memberId };
      },
    );
    const accountId = newId('account');
    expect(await callers.ask(GetMember, { accountId, memberId: 'ann' })).toEqual({ id: 'ann' });
    const asked = callers.askTogether(GetMember, [{ accountId, memberId: 'nobody' }]);
    await expect(asked).rejects.toMatchObject({ code: 'member.not_found' });
    await link.close();
  });
});

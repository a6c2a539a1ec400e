import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { ApnsSender } from '../../apps/loyalty/src/apple/apns.sender';
import { Certificates } from '../../apps/loyalty/src/apple/certificates';
import { makeChain } from '../../apps/loyalty/src/apple/development-chain';
import type { ClaimedWallet } from '../../apps/loyalty/src/push/wallet.sender';
import { WalletSettings } from '../../apps/loyalty/src/wallet.settings';
import { ApnsStandIn } from './apns.stand-in';

const topic = 'pass.com.example.shop';
const teamIdentifier = 'A1B2C3D4E5';
const phone: ClaimedWallet = {
  id: 'apple:d',
  kind: 'apple',
  address: 'f00d',
  counter: '1',
  attempts: 0,
  lease: '2031-01-01T12:00:00Z',
};
const chain = makeChain(topic, teamIdentifier);

describe('a push to a phone', () => {
  const apns = new ApnsStandIn([chain.root, chain.intermediate]);
  const senders: ApnsSender[] = [];
  let url: string;
  beforeAll(async () => {
    url = await apns.start();
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(async () => {
    await Promise.all(senders.map((sender) => sender.beforeApplicationShutdown()));
    await apns.stop();
  });

  const senderWith = (certificate: typeof chain, passTypeIdentifier = topic): ApnsSender => {
    const apple = { passTypeIdentifier, teamIdentifier, certificate };
    const settings = new WalletSettings(
      'https://shop.example',
      { ...apple, apns: { url, ca: apns.certificate, token: null } },
      null,
      0,
      1,
    );
    // What is configured is not looked for in the database.
    const sender = new ApnsSender(new Certificates({} as DataSource, settings), settings);
    senders.push(sender);
    return sender;
  };
  const complaints = () => jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);

  it('is let in by the certificate that signs the passes, on its own topic', async () => {
    expect(await senderWith(chain).tell(phone)).toEqual({ verdict: 'pushed' });
    expect(apns.pushes).toEqual([{ token: 'f00d', topic, body: '{}' }]);
  });

  it('is not let in by a certificate that someone else has signed, and is tried later', async () => {
    const stranger = senderWith(makeChain(topic, teamIdentifier));
    expect(await stranger.tell(phone)).toMatchObject({ verdict: 'later' });
    expect(apns.pushes).toHaveLength(1);
  });

  it('on another topic than the certificate’s is refused, aloud', async () => {
    const aloud = complaints();
    const sender = senderWith(chain, 'pass.com.example.other');
    expect(await sender.tell(phone)).toMatchObject({ verdict: 'later' });
    expect(aloud).toHaveBeenCalledWith('APNs answered 400 TopicDisallowed');
  });

  it.each([
    [{ status: 410, reason: 'Unregistered' }, { verdict: 'gone' }, false],
    [{ status: 400, reason: 'BadDeviceToken' }, { verdict: 'gone' }, false],
    [{ status: 403, reason: 'BadCertificateEnvironment' }, { verdict: 'later' }, true],
    [{ status: 403, reason: 'ExpiredProviderToken' }, { verdict: 'later' }, true],
    [{ status: 413, reason: 'PayloadTooLarge' }, { verdict: 'later' }, true],
    [{ status: 429, reason: 'TooManyRequests' }, { verdict: 'later' }, false],
    [{ status: 429, retryAfter: '120' }, { verdict: 'later', afterMs: 120_000 }, false],
    [{ status: 500, reason: 'InternalServerError' }, { verdict: 'later' }, false],
    [{ status: 503, retryAfter: '30' }, { verdict: 'later', afterMs: 30_000 }, false],
    [{ status: 0, hangUp: true }, { verdict: 'later' }, false],
  ])('answered with %j is %j, said aloud: %s', async (answer, verdict, aloud) => {
    const heard = complaints();
    const sender = senderWith(chain);
    apns.willAnswer(phone.address, answer);
    expect(await sender.tell(phone)).toMatchObject(verdict);
    expect(heard).toHaveBeenCalledTimes(aloud ? 1 : 0);
    expect(await sender.tell(phone)).toEqual({ verdict: 'pushed' });
  });
});

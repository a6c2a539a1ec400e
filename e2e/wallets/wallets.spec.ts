import { onBothTransports } from '../api/system';
import { cardPasses } from './card-passes';
import { couponPasses } from './coupon-passes';
import { googlePasses } from './google-passes';
import { passStates } from './pass-states';
import { phones } from './phones';
import { WalletWorld, type AppleCredentials } from './wallet.world';

const credentials: Record<string, AppleCredentials> = { 'in-process': 'token', RabbitMQ: 'certificate' };

onBothTransports('passes in wallets', (transport) => {
  let world: WalletWorld;
  beforeAll(async () => {
    world = await WalletWorld.start({}, transport, credentials[transport]);
  });
  afterAll(() => world?.stop());

  for (const tests of [couponPasses, passStates, phones, cardPasses, googlePasses]) tests(() => world);
});

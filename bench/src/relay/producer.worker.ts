import { setTimeout as pause } from 'node:timers/promises';
import { CouponRedeemed, newId } from '@tearoff/contracts';
import type { Messaging } from '@tearoff/messaging';
import type { DataSource } from 'typeorm';
import { machineTime } from '../clock';
import { serve } from '../workers/serve';
import { redeemedItem } from './redeemed-item';
import { openService, type RelayPlace } from './relay-worker';

let dataSource: DataSource;
let messaging: Messaging;

async function open(place: RelayPlace): Promise<void> {
  ({ dataSource, messaging } = await openService('redemption', place));
  await messaging.start();
}

/** Puts `count` events of one item each into the outbox at once; when they were committed. */
async function fill(count: number): Promise<number> {
  const numbers = Array.from({ length: count }, (_, n) => n);
  await dataSource.query(
    `insert into outbox (id, type, data, account)
     select id, $3, data::json, 'acc_bench' from unnest($1::text[], $2::text[]) as event (id, data)`,
    [
      numbers.map(() => newId('event')),
      numbers.map((n) => JSON.stringify({ items: [redeemedItem(`FILL${n}`)] })),
      CouponRedeemed.type,
    ],
  );
  const committedAt = machineTime();
  messaging.outbox.wake();
  return committedAt;
}

/** One event a transaction, so many a second; when each was committed, by its code. */
async function steadily({
  perSecond,
  seconds,
}: {
  perSecond: number;
  seconds: number;
}): Promise<[string, number][]> {
  const committed: [string, number][] = [];
  const running: Promise<void>[] = [];
  const startedAt = machineTime();
  const total = Math.ceil(perSecond * seconds);
  const tell = async (code: string): Promise<void> => {
    await messaging.outbox.transaction((tx) =>
      messaging.outbox.add(tx, CouponRedeemed, [redeemedItem(code)]),
    );
    committed.push([code, machineTime()]);
  };
  for (let sent = 0; sent < total;) {
    const due = Math.min(total, Math.floor(((machineTime() - startedAt) / 1_000) * perSecond));
    for (; sent < due; sent++) running.push(tell(`STEADY${sent}`));
    await pause(1);
  }
  await Promise.all(running);
  return committed;
}

serve({ open, fill, steadily, close: async () => (await messaging.close(), await dataSource.destroy()) });

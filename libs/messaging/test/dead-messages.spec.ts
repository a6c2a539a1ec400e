import { markDriverError } from '@tearoff/contracts';
import { eventually } from '@tearoff/testing';
import { consumeDeadMessages } from '../src/inbox/dead-messages';
import type { Outbox } from '../src/outbox/outbox';
import type { DeadMessage, Link } from '../src/transport';

const silent = { log: () => undefined, warn: () => undefined, error: () => undefined };
const away = markDriverError(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }));

/** A broker that hands its one message out again whenever it is given back, and a database that fails as it is told to. */
async function world({ first, most }: { first: number; most: number }) {
  const state = { failure: undefined as Error | undefined, tries: 0, nacks: 0, acks: 0 };
  let handOut: (message: DeadMessage) => void = () => undefined;
  let consuming = true;
  const message: DeadMessage = {
    queue: 'issuance.events',
    cause: 'rejected',
    body: '[]',
    read: () => ({ events: [], unreadable: [] }),
    ack: () => void state.acks++,
    nack: () => {
      state.nacks++;
      if (consuming) setImmediate(() => handOut(message));
    },
  };
  const link = {
    consumeDead: (_: string, onMessage: (given: DeadMessage) => void) => {
      handOut = onMessage;
      setImmediate(() => handOut(message));
      return Promise.resolve({ stop: () => Promise.resolve(void (consuming = false)) });
    },
  } as unknown as Link;
  const outbox = {
    transaction: () => {
      state.tries++;
      return state.failure ? Promise.reject(state.failure) : Promise.resolve();
    },
  } as unknown as Outbox;
  const failWith = (failure?: Error): void => void (state.failure = failure);
  failWith(away);
  const consumer = await consumeDeadMessages('issuance', link, outbox, { first, most }, silent);
  return { state, failWith, stop: () => consumer.stop() };
}

describe('a dead message that cannot be recorded', () => {
  it('is held, not given back, while the database is away', async () => {
    const { state, failWith, stop } = await world({ first: 1, most: 2 });
    await eventually(() => expect(state.tries).toBeGreaterThan(20));
    expect(state).toMatchObject({ nacks: 0, acks: 0 });
    failWith();
    await eventually(() => expect(state.acks).toBe(1));
    await stop();
  });

  it('is given back only after growing pauses when it is refused for another reason', async () => {
    const { state, failWith, stop } = await world({ first: 1, most: 64 });
    failWith(new Error('a check constraint'));
    await eventually(() => expect(state.nacks).toBe(2));
    // 1, 2, 4 … 64 ms: seven tries for each time that it is given back.
    expect(state.tries).toBeGreaterThanOrEqual(13);
    await stop();
  });

  it('is given back at once at a stop, however long the pause', async () => {
    const { state, stop } = await world({ first: 3_600_000, most: 3_600_000 });
    await eventually(() => expect(state.tries).toBe(1));
    await stop();
    expect(state).toMatchObject({ nacks: 1, acks: 0 });
  });
});

import { EventEmitter } from 'node:events';
import type { ConfirmChannel, RecoveringChannelModel } from 'amqplib';
import { eventually } from '@tearoff/testing';
import { RecoveringChannel } from '../src/rabbitmq/recovering-channel';

const silent = { log: () => undefined, warn: () => undefined, error: () => undefined };

class FakeChannel extends EventEmitter {
  close = () => Promise.resolve();
}

/** A connection whose channels are set up as the test wants: `setUps[i]` for the i-th, nothing after the last. */
function recoveringOf(
  setUps: ((channel: FakeChannel, lasting: RecoveringChannel) => Promise<void> | void)[],
) {
  const made: FakeChannel[] = [];
  const connection = {
    createConfirmChannel: () => {
      made.push(new FakeChannel());
      return Promise.resolve(made.at(-1));
    },
  } as unknown as RecoveringChannelModel;
  const onLost = jest.fn();
  const setUp = async (channel: ConfirmChannel): Promise<void> => {
    await setUps[made.length - 1]?.(channel, lasting);
  };
  const lasting: RecoveringChannel = new RecoveringChannel(connection, 'test', setUp, silent, onLost);
  return { lasting, made, onLost };
}

const closes = (channel: FakeChannel): void => void channel.emit('close');
const isCancelled = (channel: FakeChannel, lasting: RecoveringChannel): void =>
  lasting.abandon(channel as unknown as ConfirmChannel);

describe('a channel that', () => {
  it.each([
    ['closes', closes],
    ['has its consumer cancelled', isCancelled],
  ])('%s at the moment in which it becomes ready is not used, but opened again', async (_, end) => {
    const { lasting, made } = recoveringOf([end, end]);
    await lasting.open();
    expect(made).toHaveLength(3);
    expect(lasting.channel).toBe(made[2]);
    await lasting.close();
  });

  it.each([
    ['closes', closes],
    ['has its consumer cancelled', isCancelled],
  ])('%s in that moment when it was opened again, is opened once more', async (_, end) => {
    const { lasting, made, onLost } = recoveringOf([() => undefined, end]);
    await lasting.open();
    made[0].emit('close');
    expect(lasting.isOpen).toBe(false);
    await eventually(() => expect(made).toHaveLength(3));
    await eventually(() => expect(lasting.channel).toBe(made[2]));
    expect(onLost).toHaveBeenCalledTimes(1);
    await lasting.close();
  });

  it('cannot be set up is an error of its first opening, and is not tried again', async () => {
    const { lasting, made } = recoveringOf([() => Promise.reject(new Error('no such queue'))]);
    await expect(lasting.open()).rejects.toThrow('no such queue');
    expect(made).toHaveLength(1);
  });

  it('is closed while it is being set up stays closed', async () => {
    const { lasting, made } = recoveringOf([(_, opening) => void opening.close(), () => undefined]);
    await lasting.open();
    expect([made.length, lasting.isOpen]).toEqual([1, false]);
  });
});

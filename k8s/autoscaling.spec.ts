import { join } from 'node:path';
import { queues } from '@tearoff/contracts';
import { build } from './test/kustomization';
import { find } from './test/manifest';

describe('the notification workers’ autoscaling', () => {
  const objects = build(join(__dirname, 'overlays/production'));
  const scaler = find(objects, 'ScaledObject', 'notification-worker').spec;
  // In the tests, so that a target which does not exist fails them, not the reading of this file.
  const workers = () => find(objects, 'Deployment', scaler.scaleTargetRef.name).spec;

  test('scales a deployment that exists, and whose manifest does not undo it with a number of replicas', () => {
    expect(workers().replicas).toBeUndefined();
  });

  test('follows every work queue of notification, under the name that the services give it', () => {
    const prefix = find(objects, 'ConfigMap', 'tearoff').data.RABBITMQ_PREFIX;
    const wanted = queues
      .filter(({ service, mode }) => service === 'notification' && mode === 'work')
      .map(({ name }) => ({ type: 'rabbitmq', mode: 'QueueLength', queueName: `${prefix}.${name}` }));
    const followed = scaler.triggers.map(({ type, metadata }) => ({
      type,
      mode: metadata.mode,
      queueName: metadata.queueName,
    }));
    expect(wanted).not.toEqual([]);
    expect(followed).toEqual(wanted);
  });

  test('logs in to the broker with the secret that the workers use', () => {
    const url = workers().template.spec.containers[0].env.find(({ name }) => name === 'RABBITMQ_URL');
    for (const { authenticationRef } of scaler.triggers) {
      const { secretTargetRef } = find(objects, 'TriggerAuthentication', authenticationRef.name).spec;
      expect(secretTargetRef).toEqual([{ parameter: 'host', ...url?.valueFrom.secretKeyRef }]);
    }
  });

  test('keeps a worker awake, so that no one waits for one to start', () => {
    expect(scaler.minReplicaCount).toBeGreaterThan(0);
    expect(scaler.maxReplicaCount).toBeGreaterThan(scaler.minReplicaCount);
  });
});

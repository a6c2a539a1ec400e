import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './test/kustomization';
import { find, type ManifestOf, ofKind, selects } from './test/manifest';

const apps = join(__dirname, '../apps');

describe.each(['base', 'overlays/production'])('the deployments of k8s/%s', (folder) => {
  const objects = build(join(__dirname, folder));
  const deployments = ofKind(objects, 'Deployment');
  const config = find(objects, 'ConfigMap', 'tearoff').data;
  const byName = deployments.map((deployment): [string, ManifestOf<'Deployment'>] => [
    deployment.metadata.name,
    deployment,
  ]);

  test('are one for every kind of process', () => {
    expect(byName.map(([name]) => name)).toEqual([
      'gateway',
      'issuance',
      'redemption',
      'notification',
      'notification-worker',
      'insights',
      'loyalty',
      'automation',
    ]);
  });

  test('give notification two roles: one decides, one sends', () => {
    const role = (name: string): string | undefined =>
      find(objects, 'Deployment', name).spec.template.spec.containers[0].env.find(
        (variable) => variable.name === 'NOTIFICATION_ROLE',
      )?.value;
    expect([role('notification'), role('notification-worker')]).toEqual(['api', 'worker']);
  });

  describe.each(byName)('%s', (name, { metadata, spec }) => {
    const pod = spec.template.spec;
    const [container] = pod.containers;
    const opened = (port: string): string =>
      String(container.ports.find((each) => each.name === port)?.containerPort);

    test('selects its own pods and no one else’s', () => {
      const selected = byName.filter(([, other]) =>
        selects(spec.selector.matchLabels, other.spec.template.metadata.labels),
      );
      expect(selected.map(([each]) => each)).toEqual([name]);
      expect(metadata.labels).toEqual(spec.template.metadata.labels);
      for (const { labelSelector } of pod.topologySpreadConstraints)
        expect(labelSelector.matchLabels).toEqual(spec.selector.matchLabels);
    });

    test('has one disruption budget, which lets a drain go on', () => {
      const budgets = ofKind(objects, 'PodDisruptionBudget').filter((budget) =>
        selects(budget.spec.selector.matchLabels, spec.template.metadata.labels),
      );
      expect(budgets.map((budget) => budget.spec.maxUnavailable)).toEqual([1]);
    });

    test('starts an app that exists, from an image with a version', () => {
      const app = name.replace('-worker', '');
      expect(container.command).toEqual(['node', `dist/apps/${app}/src/main.js`]);
      expect(existsSync(join(apps, app, 'src/main.ts'))).toBe(true);
      expect(container.image).toMatch(/:\d+\.\d+\.\d+$/);
    });

    test('is probed at its health routes', () => {
      const live = { path: '/health/live', port: 'metrics' };
      expect(container.startupProbe.httpGet).toEqual(live);
      expect(container.livenessProbe.httpGet).toEqual(live);
      expect(container.readinessProbe.httpGet).toEqual({ path: '/health/ready', port: 'metrics' });
    });

    test('opens the ports that its configuration tells it to listen on', () => {
      expect(opened('metrics')).toBe(config.METRICS_PORT);
      expect(opened('http')).toBe(name === 'gateway' ? config.PORT : 'undefined');
    });

    test('asks for processor and memory, and has a ceiling for memory', () => {
      expect(container.resources).toMatchObject({
        requests: { cpu: expect.any(String), memory: expect.any(String) },
        limits: { memory: expect.any(String) },
      });
    });

    test('runs without any privilege', () => {
      expect(pod.securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(pod.automountServiceAccountToken).toBe(false);
      expect(find(objects, 'ServiceAccount', pod.serviceAccountName).automountServiceAccountToken).toBe(
        false,
      );
    });

    test('is replaced without a gap, and given time to finish what it holds', () => {
      expect(spec.strategy.rollingUpdate.maxUnavailable).toBe(0);
      const pause = Number(container.lifecycle?.preStop.exec.command[1] ?? 0);
      const needed = pause + Number(config.SHUTDOWN_TIMEOUT_MS) / 1000;
      expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(needed);
    });

    test('is told its configuration, its database and its broker', () => {
      const maps = container.envFrom.flatMap(({ configMapRef }) => configMapRef?.name ?? []);
      expect(maps).toEqual(['tearoff']);
      const references = container.env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? []);
      expect(references).toEqual(
        expect.arrayContaining([
          { name: 'tearoff-database', key: 'DATABASE_URL' },
          { name: 'tearoff-broker', key: 'RABBITMQ_URL' },
        ]),
      );
    });
  });
});

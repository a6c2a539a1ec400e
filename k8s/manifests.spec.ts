import { join } from 'node:path';
import { documentedEnvironment } from './test/documented-environment';
import { schemaProblems } from './test/kubernetes-schema';
import { build, unlistedManifests } from './test/kustomization';
import { find, type Manifest, ofKind, selects } from './test/manifest';

test('every manifest is named by a kustomization', () => {
  expect(unlistedManifests(__dirname)).toEqual([]);
});

describe.each(['base', 'overlays/production'])('k8s/%s', (folder) => {
  const objects = build(join(__dirname, folder));
  const pods = ofKind(objects, 'Deployment').map(({ spec }) => spec.template);
  const variables = pods.flatMap(({ spec }) => spec.containers.flatMap(({ env }) => env));
  const config = find(objects, 'ConfigMap', 'tearoff').data;

  test.each(objects.map((object): [string, Manifest] => [`${object.kind} ${object.metadata.name}`, object]))(
    '%s is what the Kubernetes schema says',
    (_, object) => expect(schemaProblems(object)).toEqual([]),
  );

  test('no two objects share kind and name', () => {
    const names = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(names).toEqual([...new Set(names)]);
  });

  test('secret values come by reference: none is in the tree', () => {
    const secret = /SECRET|PASSWORD|PRIVATE_KEY|API_KEY|^BOOTSTRAP|^(DATABASE|RABBITMQ|SMTP)_URL$/;
    const inTheOpen = variables.filter(({ name, value }) => secret.test(name) && value !== undefined);
    expect(inTheOpen).toEqual([]);
    expect(Object.keys(config).filter((name) => secret.test(name))).toEqual([]);
  });

  test('every variable that is set is documented', () => {
    const documented = documentedEnvironment();
    const set = [...variables.map(({ name }) => name), ...Object.keys(config)];
    expect(set.filter((name) => !documented.has(name))).toEqual([]);
  });

  test('every service and network policy reaches pods, by a port that they name', () => {
    const reached = [
      ...ofKind(objects, 'Service').map(({ metadata, spec }) => ({
        name: metadata.name,
        selector: spec.selector,
        ports: spec.ports.map(({ targetPort }) => targetPort),
      })),
      ...ofKind(objects, 'NetworkPolicy').map(({ metadata, spec }) => ({
        name: metadata.name,
        selector: spec.podSelector.matchLabels,
        ports: spec.ingress.flatMap(({ ports }) => ports.map(({ port }) => port)),
      })),
    ];
    for (const { name, selector, ports } of reached) {
      const selected = pods.filter(({ metadata }) => selects(selector, metadata.labels));
      expect({ name, reachesPods: selected.length > 0 }).toEqual({ name, reachesPods: true });
      for (const { spec } of selected) {
        const opened = spec.containers.flatMap((container) => container.ports.map((port) => port.name));
        expect(opened).toEqual(expect.arrayContaining(ports));
      }
    }
  });

  test('every ingress leads to a port of a service', () => {
    const backends = ofKind(objects, 'Ingress').flatMap(({ spec }) =>
      spec.rules.flatMap(({ http }) => http.paths.map(({ backend }) => backend.service)),
    );
    for (const { name, port } of backends)
      expect(find(objects, 'Service', name).spec.ports.map((each) => each.name)).toContain(port.name);
  });
});

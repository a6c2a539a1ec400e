import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { find, type Kind, type Manifest, type ManifestOf, ofKind } from './manifest';

interface Kustomization {
  namespace?: string;
  resources?: string[];
  components?: string[];
  patches?: { target: { kind: Kind; name: string }; patch: string }[];
  images?: { name: string; newName?: string; newTag?: string }[];
  replicas?: { name: string; count: number }[];
  configMapGenerator?: { name: string; behavior?: 'merge'; literals: string[] }[];
}

const understood = new Set([
  'apiVersion',
  'kind',
  'namespace',
  'resources',
  'components',
  'patches',
  'images',
  'replicas',
  'configMapGenerator',
]);

/**
 * What `kubectl kustomize folder` would print, for the part of kustomize that our files use, less the digest
 * in a generated name. Throws on anything else, rather than testing objects that no cluster would see.
 */
export function build(folder: string, objects: Manifest[] = []): Manifest[] {
  const kustomization = readKustomization(folder);

  for (const resource of kustomization.resources ?? []) {
    const path = join(folder, resource);
    if (statSync(path).isDirectory()) build(path, objects);
    else objects.push(...readManifests(path));
  }
  for (const { name, behavior, literals } of kustomization.configMapGenerator ?? []) {
    const data = Object.fromEntries(literals.map((literal) => splitOnce(literal, '=')));
    if (behavior === 'merge') Object.assign(find(objects, 'ConfigMap', name).data, data);
    else
      objects.push({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name },
        data,
      } as ManifestOf<'ConfigMap'>);
  }
  for (const component of kustomization.components ?? []) build(join(folder, component), objects);
  for (const { target, patch } of kustomization.patches ?? [])
    removePaths(find(objects, target.kind, target.name), parse(patch));
  for (const { name, count } of kustomization.replicas ?? [])
    find(objects, 'Deployment', name).spec.replicas = count;
  for (const { name, newName = name, newTag } of kustomization.images ?? []) {
    for (const { spec } of ofKind(objects, 'Deployment')) {
      for (const container of spec.template.spec.containers) {
        const [image, tag] = splitOnce(container.image, ':');
        if (image === name) container.image = `${newName}:${newTag ?? tag}`;
      }
    }
  }
  if (kustomization.namespace) {
    for (const object of objects)
      if (object.kind !== 'Namespace') Object.assign(object.metadata, { namespace: kustomization.namespace });
  }
  return objects;
}

/** YAML files below the folder that no kustomization names: written, but never applied. */
export function unlistedManifests(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.ya?ml$/.test(file),
  );
  const listed = files
    .filter((file) => file.endsWith('kustomization.yaml'))
    .flatMap((file) => {
      const inside = join(folder, file, '..');
      return (readKustomization(inside).resources ?? []).map((name) => relative(folder, join(inside, name)));
    });
  return files.filter((file) => !file.endsWith('kustomization.yaml') && !listed.includes(file));
}

function readKustomization(folder: string): Kustomization {
  const path = join(folder, 'kustomization.yaml');
  if (!existsSync(path)) throw new Error(`${folder} has no kustomization.yaml`);
  const kustomization = parse(readFileSync(path, 'utf8'));
  const unknown = Object.keys(kustomization).filter((field) => !understood.has(field));
  if (unknown.length > 0)
    throw new Error(`${path}: teach k8s/test/kustomization.ts about ${unknown.join(', ')}`);
  return kustomization;
}

function readManifests(path: string): Manifest[] {
  return parseAllDocuments(readFileSync(path, 'utf8'), { uniqueKeys: true }).map((document) => {
    if (document.errors.length > 0) throw new Error(`${path}: ${document.errors.join('; ')}`);
    return document.toJS();
  });
}

function removePaths(object: Manifest, operations: { op: string; path: string }[]): void {
  for (const { op, path } of operations) {
    if (op !== 'remove') throw new Error(`teach k8s/test/kustomization.ts about the patch operation ${op}`);
    const keys = path.split('/').slice(1);
    const last = keys.pop()!;
    const parent = keys.reduce<unknown>((value, key) => (value as Record<string, unknown>)?.[key], object);
    if (!isObject(parent) || !(last in parent)) throw new Error(`nothing to remove at ${path}`);
    Reflect.deleteProperty(parent, last);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

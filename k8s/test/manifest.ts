import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject';
import { TriggerAuthentication } from '@kubernetes-models/keda/keda.sh/v1alpha1/TriggerAuthentication';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { Namespace } from 'kubernetes-models/v1/Namespace';
import { Service } from 'kubernetes-models/v1/Service';
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount';

/** The kinds that our manifests use, with the schema of each. */
export const models = {
  ConfigMap,
  Deployment,
  Ingress,
  Namespace,
  NetworkPolicy,
  PodDisruptionBudget,
  ScaledObject,
  Service,
  ServiceAccount,
  TriggerAuthentication,
};

type Models = typeof models;
export type Kind = keyof Models;

/** With every optional field taken as there: a test that reads a missing one fails, as it should. */
type Complete<T> = T extends object ? { [K in keyof T]-?: Complete<NonNullable<T[K]>> } : T;

/** An object as read from a manifest; `schemaProblems` says whether it is one. */
export type ManifestOf<K extends Kind> = K extends Kind
  ? Complete<Omit<InstanceType<Models[K]>, 'validate' | 'toJSON'>>
  : never;
export type Manifest = ManifestOf<Kind>;

/** The objects of one kind. */
export function ofKind<K extends Kind>(objects: Manifest[], kind: K): ManifestOf<K>[] {
  return objects.filter((object): object is ManifestOf<K> => object.kind === kind);
}

/** The object of that kind and name; throws when there is none, as kustomize does. */
export function find<K extends Kind>(objects: Manifest[], kind: K, name: string): ManifestOf<K> {
  const found = ofKind(objects, kind).find((object) => object.metadata.name === name);
  if (!found) throw new Error(`no ${kind} named ${name}`);
  return found;
}

/** Whether a label selector finds an object with these labels. */
export function selects(selector: Record<string, string>, labels: Record<string, string>): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

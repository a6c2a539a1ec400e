import type { Static } from '@sinclair/typebox';
import { stepKinds, type StepKind, type stepSchemas, type Trigger } from '@tearoff/contracts';

/** A workflow as it was saved, checked. */
export interface Definition {
  trigger: Trigger;
  steps: RawStep[];
  timezone: string;
}
export type RawStep = Record<string, unknown>;
type SpecOf<K extends StepKind> = Static<(typeof stepSchemas)[K]>;

interface NodeOf<K extends StepKind> {
  /** JSON Pointer into the definition. */
  path: string;
  name: string | null;
  kind: K;
  spec: SpecOf<K>;
  goesOn: boolean;
  /** Where the run is after it; null = at its end. */
  next: string | null;
  /** Of a condition or a wait: where the run is after it by what came of it. */
  branches: { so: string | null; else: string | null };
  /** Of a wait: what the event's parameters must be, or that it must be about the run's contact. */
  match: Match;
}
export type Match = { by: Record<string, unknown>; sinceEver: boolean } | 'contact';
export type NodeFor<K extends StepKind> = K extends StepKind ? NodeOf<K> : never;
export type Node = NodeFor<StepKind>;

/** A definition as the way that a run takes through it. */
export interface Flow {
  first: string | null;
  nodes: ReadonlyMap<string, Node>;
}

export const kindOf = (step: RawStep): StepKind | undefined =>
  stepKinds.find((kind) => Object.hasOwn(step, kind));

/** A step's path and what it is called in `${steps…}`: its name, or its path when it has none. */
export const outputKeyOf = ({ name, path }: { name: string | null; path: string }): string => name ?? path;

export function flowOf({ trigger, steps }: Definition): Flow {
  const nodes = new Map<string, Node>();
  // The nearest step before that made something an event can be known by.
  const made: { coupon?: string; delivery?: string; latest?: 'coupon' | 'delivery' } = {};

  const lay = (list: readonly RawStep[], at: string, after: string | null): string | null => {
    list.forEach((step, index) => {
      const path = `${at}/${index}`;
      const kind = kindOf(step)!;
      const spec = step[kind] as SpecOf<StepKind> & { then?: RawStep[]; else?: RawStep[] };
      const next = index + 1 < list.length ? `${at}/${index + 1}` : after;
      const node = {
        path,
        name: (step.name as string | undefined) ?? null,
        kind,
        spec,
        goesOn: step.onError === 'continue',
        next: kind === 'stop' ? null : next,
        match: kind === 'waitFor' ? matchOf(spec as SpecOf<'waitFor'>, trigger.event, made) : 'contact',
        branches: { so: next, else: next },
      } as Node;
      nodes.set(path, node);
      node.branches.so = lay(spec.then ?? [], `${path}/${kind}/then`, next);
      node.branches.else = lay(spec.else ?? [], `${path}/${kind}/else`, next);
      const key = outputKeyOf(node);
      if (kind === 'issueCoupon') Object.assign(made, { coupon: key, latest: 'coupon' });
      if (kind === 'sendMessage') Object.assign(made, { delivery: key, latest: 'delivery' });
    });
    return list.length > 0 ? `${at}/0` : after;
  };
  return { first: lay(steps, '/steps', null), nodes };
}

/** A coupon's events by the coupon, a delivery's by the message, where the run has one; else by the contact. */
function matchOf(
  { event, match }: SpecOf<'waitFor'>,
  trigger: string,
  made: { coupon?: string; delivery?: string; latest?: 'coupon' | 'delivery' },
): Match {
  if (match) return { by: match, sinceEver: false };
  const by = (name: string, reference: string, sinceEver = true): Match => ({
    by: { [name]: `\${${reference}}` },
    sinceEver,
  });
  const ofCoupon = event.startsWith('coupon.');
  const ofDelivery = event.startsWith('delivery.');
  if (ofDelivery && made.latest === 'delivery') return by('deliveryId', `steps.${made.delivery}.deliveryId`);
  if ((ofCoupon || ofDelivery) && made.coupon) return by('couponId', `steps.${made.coupon}.couponId`);
  if (ofDelivery && trigger.startsWith('delivery.')) return by('deliveryId', 'params.deliveryId');
  if ((ofCoupon || ofDelivery) && /^(coupon|delivery)\./.test(trigger))
    return by('couponId', 'params.couponId');
  if (isOfMember(event) && isOfMember(trigger)) return by('memberId', 'params.memberId', false);
  return 'contact';
}

const isOfMember = (event: string): boolean => /^(member|points|tier|reward)\./.test(event);

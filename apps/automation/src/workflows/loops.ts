import type { FieldError, Reward } from '@tearoff/contracts';
import { Duration } from 'luxon';
import { flowOf, type Definition, type Flow, type Node } from './definition';

/** A workflow as far as it matters for what starts what. */
export interface TriggeringWorkflow {
  id: string;
  name: string;
  definition: Definition;
}

/** An event that a step causes, with what is known of it beforehand. */
interface Caused {
  event: string;
  path: string;
  known: Record<string, string>;
}

/** What a card gives by itself as soon as points are enough; by its id. A card that is not known may give anything. */
export type RewardsByCard = ReadonlyMap<string, readonly Pick<Reward, 'campaignId' | 'channel'>[]>;

/**
 * Where `saved` would start itself again without ever pausing, by itself or through others: a step that causes the
 * event of a trigger. Those behind a delay of an hour or more, or a wait, are taken for meant.
 */
export function loopFaults(
  saved: TriggeringWorkflow,
  others: readonly TriggeringWorkflow[],
  rewards: RewardsByCard,
): FieldError[] {
  const all = { workflows: [saved, ...others], rewards };
  const faults: FieldError[] = [];
  for (const caused of causedBy(saved.definition, rewards)) {
    const seen = new Set<string>();
    const way = wayTo(saved, caused, all, seen);
    if (!way) continue;
    const through = way.length > 0 ? ` through ${way.map(({ name }) => name).join(', ')}` : '';
    faults.push({
      path: caused.path,
      message: `would start this workflow again (${caused.event})${through}, without a delay of an hour or more between`,
    });
  }
  return faults;
}

/** The workflows between, or null where there is no way. */
function wayTo(
  saved: TriggeringWorkflow,
  caused: Caused,
  all: { workflows: readonly TriggeringWorkflow[]; rewards: RewardsByCard },
  seen: Set<string>,
): TriggeringWorkflow[] | null {
  const started = all.workflows.filter(({ definition }) => mayStart(definition, caused));
  if (started.includes(saved)) return [];
  for (const other of started) {
    if (seen.has(other.id)) continue;
    seen.add(other.id);
    for (const next of causedBy(other.definition, all.rewards)) {
      const rest = wayTo(saved, next, all, seen);
      if (rest) return [other, ...rest];
    }
  }
  return null;
}

function mayStart({ trigger, timezone: _, ...rest }: Definition, { event, known }: Caused): boolean {
  if (trigger.event !== event) return false;
  // The same member again and again is the same key: that ends by itself.
  const ofMember = /^(member|points|tier|reward)\./.test(event);
  if (ofMember && trigger.repeat !== 'every') return false;
  const demanded = demandsOf(trigger.filter);
  return (
    rest.steps.length > 0 &&
    Object.entries(known).every(([name, value]) => (demanded[name] ?? value) === value)
  );
}

/** `{"==": [{"var": "params.campaignId"}, "cam_…"]}`, by itself or within `and`. */
function demandsOf(filter: unknown): Record<string, string> {
  if (typeof filter !== 'object' || filter === null || Array.isArray(filter)) return {};
  const [[operator, operands]] = Object.entries(filter) as [string, unknown][];
  if (!Array.isArray(operands)) return {};
  if (operator === 'and') return Object.assign({}, ...operands.map(demandsOf)) as Record<string, string>;
  if (operator !== '==' && operator !== '===') return {};
  const [name] = operands.flatMap((operand) => variableOf(operand) ?? []);
  const value = operands.find((operand) => typeof operand === 'string' && !variableOf(operand));
  return name && typeof value === 'string' ? { [name.replace(/^params\./, '')]: value } : {};
}

function variableOf(operand: unknown): string | null {
  if (typeof operand === 'string') return /^\$\{([^{}]+)\}$/.exec(operand)?.[1] ?? null;
  const name = (operand as { var?: unknown } | null)?.var;
  return typeof name === 'string' ? name : Array.isArray(name) ? String(name[0]) : null;
}

function causedBy(definition: Definition, rewards: RewardsByCard): Caused[] {
  const flow = flowOf(definition);
  return stepsBeforeAnyPause(flow).flatMap((node) => causedByStep(node, rewards));
}

function stepsBeforeAnyPause({ first, nodes }: Flow): Node[] {
  const reached = new Set<string>();
  const visit = (path: string | null): void => {
    if (path === null || reached.has(path)) return;
    reached.add(path);
    const node = nodes.get(path)!;
    // An event that has come already is waited for no time at all.
    if (node.kind === 'delay' && isPause(node.spec.for)) return;
    for (const next of node.kind === 'condition' || node.kind === 'waitFor'
      ? [node.branches.so, node.branches.else]
      : [node.next])
      if (node.kind !== 'waitFor' || next !== node.branches.else) visit(next);
  };
  visit(first);
  return [...nodes.values()].filter(({ path }) => reached.has(path));
}

/** A message or a coupon a second is a loop all the same. */
const isPause = (duration = 'P1D'): boolean => Duration.fromISO(duration).toMillis() >= 3_600_000;

const fixed = (known: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(known).filter(([, value]) => !value.includes('${')));

const sent = ['delivery.sent', 'delivery.delivered', 'delivery.failed', 'delivery.suppressed'];

function causedByStep({ kind, spec, path }: Node, rewards: RewardsByCard): Caused[] {
  const of = (known: Record<string, string>, ...events: string[]): Caused[] =>
    events.map((event) => ({ event, path: `${path}/${kind}`, known: fixed(known) }));
  const ofCoupon = (known: Record<string, string>, channel: string): Caused[] =>
    of(known, 'coupon.issued', ...(channel === 'none' ? [] : sent));
  switch (kind) {
    case 'issueCoupon': {
      const { campaignId, channel = 'none' } = spec;
      return ofCoupon({ campaignId }, channel);
    }
    case 'sendMessage':
      return of({}, ...sent);
    case 'awardPoints': {
      const { cardId, points } = spec;
      const moved = of({ cardId }, 'points.awarded', 'points.spent', 'tier.changed');
      if (typeof points === 'number' && points < 0) return moved;
      const given = rewards.get(cardId);
      if (!given) return [...moved, ...of({ cardId }, 'reward.issued'), ...of({}, 'coupon.issued', ...sent)];
      return [
        ...moved,
        ...given.flatMap(({ campaignId, channel }) => [
          ...of({ cardId, campaignId }, 'reward.issued'),
          ...ofCoupon({ campaignId }, channel),
        ]),
      ];
    }
    default:
      return [];
  }
}

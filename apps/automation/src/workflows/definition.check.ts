import {
  faultsOf,
  stepKinds,
  stepSchemas,
  Trigger,
  WorkflowStep,
  type FieldError,
  type StepKind,
} from '@tearoff/contracts';
import { Type } from '@sinclair/typebox';
import { unknownEventFault } from '../events/event.rules';
import { logicFaults, variablesIn } from '../logic/logic';
import { pointerPart, referencesIn } from '../references/references';
import { durationFault } from '../times/duration';
import { isZone } from '../times/zones';
import type { Definition, RawStep } from './definition';

const anyReference = /\$\{[^{}]{1,200}\}/g;
const most = { depth: 10, steps: 200, bytes: 100_000, faults: 20 };
const closed = Object.fromEntries(
  stepKinds.map((kind) => [kind, { ...stepSchemas[kind], additionalProperties: false }]),
) as unknown as typeof stepSchemas;
const CommonStepFields = Type.Pick(WorkflowStep, ['name', 'onError']);
const ClosedTrigger = { ...Trigger, additionalProperties: false };

/** What is wrong with a URL as far as it can be told without asking anyone; null = nothing. */
export type UrlCheck = (url: string) => string | null;

/**
 * What is wrong with a definition by itself; paths are JSON Pointers into the workflow. `urlFault`: the check that
 * webhooks go through when they are saved.
 */
export function definitionFaults(definition: Definition, urlFault: UrlCheck): FieldError[] {
  if (Buffer.byteLength(JSON.stringify(definition)) > most.bytes)
    return [{ path: '/steps', message: `must not be larger than ${most.bytes} bytes` }];
  return new DefinitionCheck(definition, urlFault).faults().slice(0, most.faults);
}

class DefinitionCheck {
  private readonly found: FieldError[] = [];
  private readonly names = new Set<string>();
  private count = 0;

  constructor(
    private readonly definition: Definition,
    private readonly urlFault: UrlCheck,
  ) {}

  faults(): FieldError[] {
    const { trigger, steps, timezone } = this.definition;
    if (!isZone(timezone)) this.add('/timezone', 'is not a time zone of the IANA database');
    this.addAll(faultsOf(ClosedTrigger, trigger), '/trigger');
    this.event(trigger.event, '/trigger/event');
    if (trigger.filter !== undefined) {
      this.addAll(logicFaults(trigger.filter, '/trigger/filter'));
      for (const { path, reference } of variablesIn(trigger.filter, '/trigger/filter'))
        if (reference.split('.')[0] === 'steps')
          this.add(path, 'must not refer to steps: none was taken yet');
    }
    if (steps.length === 0) this.add('/steps', 'must have at least one step');
    this.list(steps, '/steps', new Set(), 1);
    return this.found;
  }

  /** `behind`: names of the steps that may have been taken before; those of this list are added to it. */
  private list(steps: readonly RawStep[], path: string, behind: Set<string>, depth: number): void {
    if (steps.length > 0 && depth > most.depth)
      return this.add(path, `must not be nested deeper than ${most.depth}`);
    for (const [index, step] of steps.entries()) {
      if (++this.count > most.steps)
        return this.add(path, `must not be more than ${most.steps} steps in all`);
      this.step(step, `${path}/${index}`, behind, depth);
    }
  }

  private step(step: RawStep, path: string, behind: Set<string>, depth: number): void {
    const { name, onError, ...rest } = step;
    this.addAll(
      faultsOf(CommonStepFields, {
        ...(name !== undefined && { name }),
        ...(onError !== undefined && { onError }),
      }),
      path,
    );
    for (const unknown of Object.keys(rest).filter((kind) => !stepKinds.includes(kind as StepKind)))
      this.add(`${path}/${pointerPart(unknown)}`, `is not a step: there are ${stepKinds.join(', ')}`);
    const kinds = Object.keys(rest).filter((kind): kind is StepKind => stepKinds.includes(kind as StepKind));
    if (kinds.length > 1) this.add(path, `must be one step, not ${kinds.join(' and ')}`);
    if (Object.keys(rest).length === 0) this.add(path, `must be a step: one of ${stepKinds.join(', ')}`);
    if (kinds.length !== 1) return;
    const [kind] = kinds;
    const inside = `${path}/${kind}`;
    const spec = rest[kind] as Record<string, unknown>;
    const faults = faultsOf(closed[kind], spec);
    if (faults) return this.addAll(faults, inside);
    this.values(kind, spec, inside, behind);
    const branches = (['then', 'else'] as const).map((branch) => {
      const own = new Set(behind);
      this.list((spec[branch] as RawStep[] | undefined) ?? [], `${inside}/${branch}`, own, depth + 1);
      return own;
    });
    for (const own of branches) for (const taken of own) behind.add(taken);
    if (typeof name !== 'string') return;
    if (this.names.has(name)) this.add(`${path}/name`, 'is the name of another step too');
    this.names.add(name);
    behind.add(name);
  }

  private values(kind: StepKind, spec: Record<string, unknown>, path: string, behind: Set<string>): void {
    const { then: _then, else: _else, if: logic, ...own } = spec;
    const used = referencesIn(own, path);
    if (kind === 'condition') {
      this.addAll(logicFaults(logic, `${path}/if`));
      used.push(...variablesIn(logic, `${path}/if`));
    }
    for (const { path: at, reference } of used) {
      const [root, name] = reference.split('.');
      if (root === 'steps' && !behind.has(name ?? ''))
        this.add(at, `refers to ${JSON.stringify(name ?? '')}, which is not the name of a step before it`);
    }
    if (kind === 'delay') this.delay(spec, path);
    if (kind === 'waitFor') {
      this.event(spec.event as string, `${path}/event`);
      this.duration(spec.within as string, `${path}/within`);
    }
    if (kind === 'awardPoints' && spec.points === 0) this.add(`${path}/points`, 'must not be 0');
    if (kind === 'webhook') this.url(spec.url as string, `${path}/url`);
  }

  private delay(spec: Record<string, unknown>, path: string): void {
    if ((spec.for === undefined) === (spec.until === undefined))
      this.add(path, 'must have either for or until');
    if (spec.for !== undefined) this.duration(spec.for as string, `${path}/for`);
    const zone = (spec.until as { zone?: string } | undefined)?.zone;
    if (zone !== undefined && zone !== 'contact' && zone !== 'campaign' && !isZone(zone))
      this.add(`${path}/until/zone`, 'must be contact, campaign, or a time zone of the IANA database');
  }

  private event(name: string, path: string): void {
    const fault = unknownEventFault(name);
    if (fault) this.add(path, fault);
  }

  private duration(text: string, path: string): void {
    const fault = durationFault(text);
    if (fault) this.add(path, fault);
  }

  private url(text: string, path: string): void {
    // What a reference fills in comes from outside, and must not decide whom is called.
    const fixed = /^https?:\/\/[^/?#]+/i.exec(text)?.[0];
    if (fixed?.includes('${')) this.add(path, 'must name its host, without references');
    else if (!fixed || !URL.canParse(fixed)) this.add(path, 'must be an http or https URL');
    else if (fixed.includes('@')) this.add(path, 'must not hold credentials: put them into a header');
    else {
      // With its references filled in it is checked once more, when it is called.
      const fault = this.urlFault(text.replace(anyReference, 'x'));
      if (fault) this.add(path, fault);
    }
  }

  private add(path: string, message: string): void {
    this.found.push({ path, message });
  }

  private addAll(faults: readonly FieldError[] | null, under = ''): void {
    for (const { path, message } of faults ?? []) this.add(`${under}${path}`, message);
  }
}

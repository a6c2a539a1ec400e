import {
  ChangePoints,
  faultsOf,
  IssueCoupon,
  SendMessages,
  type ContactInput,
  type RequestOf,
} from '@tearoff/contracts';
import type { TSchema } from '@sinclair/typebox';
import type { HttpCall } from '../outbound/http-caller';
import { render } from '../references/references';
import type { Scope } from '../references/scope';
import type { RunError, RunState } from '../runs/run';
import type { Node, NodeFor } from '../workflows/definition';

export type Recipient = RequestOf<typeof SendMessages>['recipients'][number];

/** What a step asks of the outside. */
export type Effect =
  | { kind: 'issueCoupon'; request: RequestOf<typeof IssueCoupon> }
  | { kind: 'sendMessage'; message: Omit<RequestOf<typeof SendMessages>, 'recipients'>; recipient: Recipient }
  | { kind: 'awardPoints'; request: RequestOf<typeof ChangePoints> }
  | { kind: 'webhook'; call: HttpCall }
  | { kind: 'zone'; accountId: string; campaignId: string };
export type EffectNode = NodeFor<'issueCoupon' | 'sendMessage' | 'awardPoints' | 'webhook'>;

export const isEffect = (node: Node): node is EffectNode =>
  ['issueCoupon', 'sendMessage', 'awardPoints', 'webhook'].includes(node.kind);

/** The effect with its references filled in; `input` is what the run's page shows of it. */
export interface Prepared {
  effect: Effect;
  input: unknown;
}

/** Or why it cannot be asked for: what was filled in does not fit. */
export function prepare(node: EffectNode, state: RunState, scope: Scope): Prepared | RunError {
  switch (node.kind) {
    case 'issueCoupon':
      return prepareIssue(node, state, scope);
    case 'sendMessage':
      return prepareMessage(node, state, scope);
    case 'awardPoints':
      return preparePoints(node, state, scope);
    default:
      return prepareWebhook(node, state, scope);
  }
}

function prepareIssue(
  { spec }: NodeFor<'issueCoupon'>,
  { accountId, contact, step }: RunState,
  scope: Scope,
): Prepared | RunError {
  const { recipient, source, ...rest } = withoutNulls(render(spec, scope));
  const input = {
    ...rest,
    recipient: texts(recipient ?? recipientOf(contact)),
    ...(source !== undefined && { source: texts(source) }),
  };
  const request = { ...input, accountId, couponId: step.effectId };
  return (
    misfit(IssueCoupon.request, request) ?? {
      effect: { kind: 'issueCoupon', request: request as RequestOf<typeof IssueCoupon> },
      input,
    }
  );
}

function prepareMessage(
  { spec }: NodeFor<'sendMessage'>,
  { accountId, contact, happening, step }: RunState,
  scope: Scope,
): Prepared | RunError {
  const { templateId, channel, to, languageCode, data } = withoutNulls(render(spec, scope));
  const address = typeof to === 'string' || typeof to === 'number' ? String(to) : null;
  const byMail = channel === undefined ? address?.includes('@') : channel === 'email';
  const whom =
    spec.to === undefined
      ? texts({ phone: contact?.phone, email: contact?.email })
      : address && { [byMail ? 'email' : 'phone']: address };
  const language = languageCode ?? contact?.languageCode;
  const input = {
    templateId,
    ...(channel !== undefined && { channel }),
    ...whom,
    ...(language !== undefined && { languageCode: language }),
    data: { ...happening.params, ...(data as object | undefined) },
  };
  const { templateId: _, channel: __, ...recipient } = input;
  const message = { accountId, templateId, ...(channel !== undefined && { channel }) };
  const request = { ...message, recipients: [{ ...recipient, deliveryId: step.effectId }] };
  return (
    misfit(SendMessages.request, request) ?? {
      effect: {
        kind: 'sendMessage',
        message: message as Omit<RequestOf<typeof SendMessages>, 'recipients'>,
        recipient: request.recipients[0] as Recipient,
      },
      input,
    }
  );
}

function preparePoints(
  { spec }: NodeFor<'awardPoints'>,
  { accountId, contact, happening, step }: RunState,
  scope: Scope,
): Prepared | RunError {
  const { cardId, points, reference, reason } = withoutNulls(render(spec, scope));
  const memberId = happening.params.memberId;
  const whose = [
    ['memberId', typeof memberId === 'string' && memberId.startsWith('mem_') ? memberId : undefined],
    ['externalId', contact?.externalId],
    ['email', contact?.email],
    ['phone', contact?.phone],
  ].find(([, value]) => value) as [string, string] | undefined;
  if (!whose)
    return {
      code: 'points.member_required',
      message: 'The event names no contact, so that the points are no one’s.',
    };
  const input = {
    cardId,
    [whose[0]]: whose[1],
    amount: typeof points === 'string' && /^-?\d+$/.test(points) ? Number(points) : points,
    ...(reason !== undefined && { reason: textOf(reason) }),
    reference: reference === undefined ? step.effectId : textOf(reference),
  };
  const request = { ...input, accountId, by: 'workflow', enrol: true };
  return (
    misfit(ChangePoints.request, request) ?? {
      effect: { kind: 'awardPoints', request: request as RequestOf<typeof ChangePoints> },
      input,
    }
  );
}

function prepareWebhook({ spec }: NodeFor<'webhook'>, state: RunState, scope: Scope): Prepared | RunError {
  const url = inUrl(spec.url, scope);
  const method = spec.method ?? 'POST';
  const body = spec.body === undefined ? defaultBody(state) : render(spec.body, scope);
  const headers = Object.fromEntries(
    Object.entries(spec.headers ?? {}).map(([name, value]) => [
      name.toLowerCase(),
      textOf(render(value, scope)).trim(),
    ]),
  );
  // A line break would begin a header of its own. Refused and not cut: without some of its letters it is another value.
  const unwritable = Object.keys(headers).find((name) => /[^\t\x20-\x7e]/.test(headers[name]));
  if (unwritable !== undefined)
    return { code: 'step.invalid_input', message: `/headers/${unwritable} holds what no header can` };
  if (!URL.canParse(url)) return { code: 'step.invalid_input', message: '/url is not a URL' };
  const bare = method === 'GET' || method === 'DELETE';
  const call: HttpCall = {
    url,
    method,
    headers: { ...(!bare && { 'content-type': 'application/json' }), ...headers },
    body: bare ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    id: state.step.effectId!,
  };
  const masked = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, isSecret(name) ? '•••' : value]),
  );
  return {
    effect: { kind: 'webhook', call },
    input: { url: withoutSecrets(url), method, headers: masked, ...(!bare && { body }) },
  };
}

/** What a webhook is told when the workflow does not say. */
const defaultBody = ({ id, workflowId, happening, contact, outputs }: RunState): unknown => ({
  runId: id,
  workflowId,
  event: happening.event,
  key: happening.key,
  params: happening.params,
  contact,
  steps: outputs,
});

/** A value fills its place in a URL and no more. */
const inUrl = (url: string, scope: Scope): string =>
  url.replace(/\$\{[^{}]+\}/g, (reference) => {
    const value = render(reference, scope);
    return encodeURIComponent(
      value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value),
    );
  });

const isSecret = (name: string): boolean => /auth|token|secret|key|passw|cookie|sign/i.test(name);

function withoutSecrets(text: string): string {
  const url = new URL(text);
  for (const name of new Set(url.searchParams.keys())) if (isSecret(name)) url.searchParams.set(name, '•••');
  return url.toString();
}

function misfit(schema: TSchema, request: unknown): RunError | null {
  const faults = faultsOf(schema, request);
  return faults && { code: 'step.invalid_input', message: `${faults[0].path} ${faults[0].message}` };
}

const recipientOf = (contact: ContactInput | null): object => {
  const { phone, email, externalId, firstName, lastName, country, languageCode } = contact ?? {};
  return { phone, email, externalId, firstName, lastName, country, languageCode };
};

const withoutNulls = (value: unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value as object).filter(([, member]) => member !== null));

const textOf = (value: unknown): string =>
  value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);

/** A phone number that came as a number is one all the same. */
const texts = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(value ?? {}).flatMap(([name, member]: [string, unknown]) =>
      typeof member === 'string' || typeof member === 'number' ? [[name, String(member)]] : [],
    ),
  );

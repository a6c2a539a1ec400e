import type { ContactInput, MessageContext } from '@tearoff/contracts';

/** What started a run, or what it waited for. */
export interface RunEvent {
  id: string;
  event: string;
  key: string;
  params: Record<string, unknown>;
  contactId: string | null;
  at: string;
}
/** Of the steps behind, by name, or by path where a step has none. */
export type Outputs = Record<string, unknown>;

export interface RunError {
  code: string;
  message: string;
}

/** The step that a run is at. */
export interface CurrentStep {
  seq: number;
  path: string;
  /** Of the effect it asks for: made and kept before it is asked, so that asking again is the same effect. */
  effectId: string | null;
  attempts: number;
  startedAt: string;
  /** As rendered, of a step that waits or failed. */
  input: unknown;
  /** Of a delay or a wait: that it has begun. */
  until: string | null;
  /** What came, of a wait for an event. */
  answer: RunEvent | null;
  error: RunError | null;
  /** Of a delay by the campaign's clocks: their zone. */
  zone: string | null;
  /** It said no for good: nothing is left of that effect, and a retry asks for a new one. */
  refused: boolean;
}

/** A run as an engine holds it. */
export interface RunState {
  id: string;
  accountId: string;
  workflowId: string;
  version: number;
  turn: number;
  happening: RunEvent;
  contact: ContactInput | null;
  outputs: Outputs;
  step: CurrentStep;
  /** Of the request that caused what started it. */
  context: MessageContext | null;
}

/** A run that is to be put on a queue. */
export type Wakeable = Pick<RunState, 'id' | 'context'>;

/** A step that is behind. */
export interface TakenStep {
  seq: number;
  path: string;
  name: string | null;
  kind: string;
  status: 'done' | 'skipped';
  attempts: number;
  input: unknown;
  output: unknown;
  error: RunError | null;
  startedAt: string;
  finishedAt: string;
}

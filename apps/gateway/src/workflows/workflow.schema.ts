import { Type } from '@sinclair/typebox';
import { Run, RunWithSteps, Workflow, WorkflowInput, WorkflowStep } from '@tearoff/contracts';
import { strict } from '../http/hot-route';

const { steps: _, trigger, ...rest } = WorkflowInput.properties;

/** The body as it is judged here; each step is judged where the definition is kept, which names it by its path. */
export const WorkflowBody = strict(Type.Object({ ...rest, trigger, steps: WorkflowInput.properties.steps }));
export const WorkflowPatchBody = strict(Type.Partial(Type.Object({ ...WorkflowInput.properties })));

const documented = { steps: Type.Array(WorkflowStep, { minItems: 1, maxItems: 200 }) };
/** The body as documented. */
export const WorkflowRequest = strict(Type.Object({ ...rest, trigger, ...documented }));
export const WorkflowPatchRequest = strict(Type.Partial(Type.Object({ ...rest, trigger, ...documented })));
export const WorkflowAnswer = Type.Omit(Type.Object({ ...Workflow.properties, ...documented }), [
  'accountId',
]);
export const RunAnswer = Type.Omit(Run, ['accountId']);
export const RunWithStepsAnswer = Type.Omit(Type.Object(RunWithSteps.properties), ['accountId']);

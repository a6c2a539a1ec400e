import { Type } from '@sinclair/typebox';
import { Run, RunWithSteps, Workflow, WorkflowInput, WorkflowStep } from '@tearoff/contracts';
import { strict } from '../../http/validation/hot-route';
import { withoutAccount } from '../../http/openapi/shapes';

const { steps: _, trigger, ...rest } = WorkflowInput.properties;

/** The body as it is judged here; each step is judged where the definition is kept, which names it by its path. */
export const WorkflowBody = strict(Type.Object({ ...rest, trigger, steps: WorkflowInput.properties.steps }));
export const WorkflowPatchBody = strict(Type.Partial(Type.Object({ ...WorkflowInput.properties })));

/** The steps as documented. */
const documented = { steps: Type.Array(WorkflowStep, { minItems: 1, maxItems: 200 }) };

/** The shapes of workflows and runs, by their names in the OpenAPI document. */
export const workflowSchemas = {
  WorkflowInput: strict(Type.Object({ ...rest, trigger, ...documented })),
  WorkflowPatch: strict(Type.Partial(Type.Object({ ...rest, trigger, ...documented }))),
  Workflow: withoutAccount(Type.Object({ ...Workflow.properties, ...documented })),
  Run: withoutAccount(Run),
  RunWithSteps: withoutAccount(Type.Object(RunWithSteps.properties)),
};

import { Type } from '@sinclair/typebox';
import { deadLetterServices, DeadLetterView, DeadLetterWithBody, OneOf } from '@tearoff/contracts';

const id = Type.String({ description: 'The service, a dot and a number: `automation.17`.' });
const service = OneOf(deadLetterServices);

/** The shapes of dead letters, by their names in the OpenAPI document. */
export const deadLetterSchemas = {
  DeadLetter: Type.Object({ ...DeadLetterView.properties, id, service }),
  DeadLetterWithBody: Type.Object({ ...DeadLetterWithBody.properties, id, service }),
};

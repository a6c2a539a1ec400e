import { getMetadataStorage } from 'class-validator';

interface Parameter {
  name: string;
  in: 'query';
  required: boolean;
  schema: { type: string; enum?: unknown[] };
}

/** The query parameters of a DTO class, from the rules it checks them by. */
export function queryParameters(type: new () => object): Parameter[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  const names = [...new Set(rules.map(({ propertyName }) => propertyName))];
  return names.map((name) => {
    const own = rules.filter(({ propertyName }) => propertyName === name);
    const choices = own.find((rule) => rule.name === 'isIn')?.constraints?.[0] as unknown[] | undefined;
    const type = own.some((rule) => rule.name === 'isInt') ? 'integer' : 'string';
    const optional = own.some((rule) => rule.type === 'conditionalValidation');
    return { name, in: 'query', required: !optional, schema: { type, ...(choices && { enum: choices }) } };
  });
}

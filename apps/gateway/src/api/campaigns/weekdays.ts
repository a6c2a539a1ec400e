import { ValidateBy, type ValidationOptions } from 'class-validator';

const names = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** 1 = Monday (ISO 8601), of a number or an English name, whole or its first three letters; else undefined. */
export function weekdayOf(value: unknown): number | undefined {
  if (typeof value === 'number')
    return Number.isInteger(value) && value >= 1 && value <= 7 ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const index = names.findIndex(
    (name) => name === value.toLowerCase() || name.slice(0, 3) === value.toLowerCase(),
  );
  return index < 0 ? undefined : index + 1;
}

/** Checked days as ISO numbers, each once, Monday first. */
export function weekdaysOf(days: readonly unknown[]): number[] {
  const numbers = new Set(days.flatMap((day) => weekdayOf(day) ?? []));
  return [...numbers].sort((a, b) => a - b);
}

export const IsWeekday = (options?: ValidationOptions): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isWeekday',
      validator: {
        validate: (value) => weekdayOf(value) !== undefined,
        defaultMessage: () => 'must hold 1 to 7 (1 = Monday) or mon … sun',
      },
    },
    options,
  );

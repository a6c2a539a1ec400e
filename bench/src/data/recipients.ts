let phones = 0;

/** Belgian mobile numbers, ten million of them, none given twice. */
export const nextPhone = (): string => `+324${String(70_000_000 + phones++)}`;

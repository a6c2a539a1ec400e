import { Counter, register } from 'prom-client';

const name = 'tearoff_unknown_codes_total';

/** `answer`: `not_found`, or `slowed` where the code was not looked up because too many before it were unknown. */
export const unknownCodes = (): Counter<'answer'> =>
  (register.getSingleMetric(name) as Counter<'answer'> | undefined) ??
  new Counter({
    name,
    help: 'Codes that tills asked about and that do not exist, or were not looked up for that reason.',
    labelNames: ['answer'],
  });

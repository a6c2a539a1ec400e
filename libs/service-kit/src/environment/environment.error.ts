/** One variable that is absent or does not fit; `message` never holds its value. */
export interface VariableFault {
  name: string;
  message: string;
}

/** Thrown by `readEnv`: every bad or missing variable at once, one a line in `message`. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';

  constructor(readonly faults: VariableFault[]) {
    super(
      `The environment is not complete:\n${faults.map((fault) => `  ${fault.name} ${fault.message}`).join('\n')}`,
    );
  }
}

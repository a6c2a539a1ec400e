/** A text that is no template: where, in lines and columns from 1, and why. */
export class TemplateFault extends Error {
  override readonly name = 'TemplateFault';

  constructor(
    readonly reason: string,
    readonly line: number,
    readonly column: number,
  ) {
    super(`${reason} (line ${line}, column ${column})`);
  }
}

/** A template that was stopped because it took or made too much. */
export class RenderLimit extends Error {
  override readonly name = 'RenderLimit';
}

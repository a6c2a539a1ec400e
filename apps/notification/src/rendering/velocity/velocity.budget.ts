import { RenderLimit } from '../faults';

const most = { steps: 100_000, characters: 500_000, items: 10_000 };

/** What one rendering may take: every step of the evaluation and every character that is made comes off it. */
export class Budget {
  private steps = most.steps;
  private characters = most.characters;

  step(): void {
    if (--this.steps < 0) throw new RenderLimit('the template takes too many steps');
  }

  /** The text, if there is room for it. */
  text(text: string): string {
    this.room(text.length);
    return text;
  }

  room(characters: number): void {
    this.characters -= characters;
    if (this.characters < 0) throw new RenderLimit('the template makes too much text');
  }

  items(count: number): void {
    if (count > most.items) throw new RenderLimit('the template makes too long a list');
    this.steps -= count;
    this.step();
  }
}

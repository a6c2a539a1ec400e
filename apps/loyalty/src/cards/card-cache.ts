import { Injectable } from '@nestjs/common';
import type { Card } from '@tearoff/contracts';
import { LRUCache } from 'lru-cache';
import type { EntityManager } from 'typeorm';
import { CardsService } from './cards.service';

export interface CardVersion {
  id: string;
  version: number;
}

const maxCards = 1_000;

/** Cards as they were read last: anyone who reads a card's version beside other things need not read the card again. */
@Injectable()
export class CardCache {
  private readonly known = new LRUCache<string, Card>({ max: maxCards });

  constructor(private readonly cards: CardsService) {}

  /** By id: each in the version that is wanted, or in a later one. */
  async of(manager: EntityManager, wanted: readonly CardVersion[]): Promise<Map<string, Card>> {
    const versions = new Map(wanted.map(({ id, version }) => [id, version]));
    const cards = new Map<string, Card>();
    for (const [id, version] of versions) {
      const card = this.known.get(id);
      if (card && card.version >= version) cards.set(id, card);
    }
    const missing = [...versions.keys()].filter((id) => !cards.has(id));
    const read = missing.length === 0 ? [] : (await this.cards.byId(manager, missing)).values();
    for (const card of read) {
      this.known.set(card.id, card);
      cards.set(card.id, card);
    }
    return cards;
  }
}

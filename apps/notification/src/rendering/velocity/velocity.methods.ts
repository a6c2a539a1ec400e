import type { Budget } from './velocity.budget';
import {
  isEqual,
  isMap,
  memberOf,
  numberOf,
  scalarText as str,
  textOf,
  type Value,
  type ValueMap,
} from './velocity.values';

/** Gives nothing where it makes no sense of its arguments. */
export type Method = (args: Value[], budget: Budget) => Value;
type MethodOf<T> = (self: T, args: Value[], budget: Budget) => Value;

const ofTexts: Record<string, MethodOf<string>> = {
  length: (self) => self.length,
  size: (self) => self.length,
  isEmpty: (self) => self === '',
  equalsIgnoreCase: (self, [other]) => self.toLowerCase() === str(other).toLowerCase(),
  contains: (self, [part]) => self.includes(str(part)),
  startsWith: (self, [part]) => self.startsWith(str(part)),
  endsWith: (self, [part]) => self.endsWith(str(part)),
  indexOf: (self, [part]) => self.indexOf(str(part)),
  toLowerCase: (self, _, budget) => budget.text(self.toLowerCase()),
  toUpperCase: (self, _, budget) => budget.text(self.toUpperCase()),
  trim: (self, _, budget) => budget.text(self.trim()),
  substring: (self, [from, to], budget) =>
    budget.text(self.substring(numberOf(from) ?? 0, numberOf(to) ?? self.length)),
  replace: (self, [from, to], budget) => {
    const parts = str(from) === '' ? [self] : self.split(str(from));
    budget.room(self.length + parts.length * (1 + str(to).length));
    return parts.join(str(to));
  },
};

const ofLists: Record<string, MethodOf<Value[]>> = {
  get: (self, [at]) => memberOf(self, at),
  size: (self) => self.length,
  length: (self) => self.length,
  isEmpty: (self) => self.length === 0,
  contains: (self, [one], budget) => {
    budget.items(self.length);
    return self.some((item) => isEqual(item, one));
  },
};

const ofMaps: Record<string, MethodOf<ValueMap>> = {
  get: (self, [name]) => memberOf(self, name),
  size: (self) => Object.keys(self).length,
  isEmpty: (self) => Object.keys(self).length === 0,
  containsKey: (self, [name]) => Object.hasOwn(self, str(name)),
  keySet: (self) => Object.keys(self),
  values: (self) => Object.values(self),
  entrySet: (self) => Object.entries(self).map(([key, value]) => ({ key, value })),
};

const ofAll: Record<string, MethodOf<Value>> = {
  equals: (self, [other]) => isEqual(self, other),
  toString: (self: Value, _: Value[], budget: Budget) => textOf(self, budget),
};

/** The method of that name, if a value of this kind has one: there are no others than these. */
export function methodOf(self: Value, name: string): Method | undefined {
  const pick = <T>(methods: Record<string, MethodOf<T>>, value: T): Method | undefined => {
    if (Object.hasOwn(methods, name)) return (args, budget) => methods[name](value, args, budget);
    return Object.hasOwn(ofAll, name) ? (args, budget) => ofAll[name](self, args, budget) : undefined;
  };
  if (self === null || self === undefined) return undefined;
  if (typeof self === 'string') return pick(ofTexts, self);
  if (Array.isArray(self)) return pick(ofLists, self);
  return isMap(self) ? pick(ofMaps, self) : pick({}, self);
}

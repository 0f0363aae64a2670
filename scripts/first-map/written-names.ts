/** @file Where names are written in a module. */
import { Visitor, type ESTree } from "vite";

/** Places by name, but for those that mean a type or a property; what a name stands for there is not asked. */
export function writtenNames(program: ESTree.Program): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  const others = new Set<number>();
  const spans: { readonly start: number; readonly end: number }[] = [];
  const isOfTypes = (node: ESTree.Node) => void spans.push(node);
  new Visitor({
    TSTypeReference: isOfTypes,
    TSTypeQuery: isOfTypes,
    TSInterfaceDeclaration: isOfTypes,
    TSTypeAliasDeclaration: isOfTypes,
    MemberExpression: ({ property, computed }) => {
      if (!computed) others.add(property.start);
    },
    Property: ({ key, computed, shorthand }) => {
      if (!computed && !shorthand) others.add(key.start);
    },
    Identifier: ({ name, start }) => {
      const known = places.get(name);
      if (known) known.push(start);
      else places.set(name, [start]);
    },
  }).visit(program);
  const isValue = (place: number) =>
    !others.has(place) && !spans.some(({ start, end }) => place >= start && place < end);
  return new Map([...places].map(([name, all]) => [name, all.filter(isValue)]));
}

/** Something with an id. */
type Identified = { readonly id: string };

/** Puts an entity in the place of its older version, or at the front. A version older than the one here is ignored. */
export function upsertVersioned<Entity extends Identified & { readonly version: number }>(
  list: readonly Entity[],
  entity: Entity,
): readonly Entity[] {
  const known = list.find((each) => each.id === entity.id);
  if (known === undefined) return [entity, ...list];
  if (known.version > entity.version) return list;
  return list.map((each) => (each.id === entity.id ? entity : each));
}

/** The list without the entity of that id. */
export function without<Entity extends Identified>(list: readonly Entity[], id: string): readonly Entity[] {
  return list.filter((each) => each.id !== id);
}

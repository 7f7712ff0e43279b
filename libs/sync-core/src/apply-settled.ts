import type { Base } from './plan-types.js';

/**
 * The base after an accepted act, where another act of the same plan may have settled before: only what this act settled is taken
 * from `settled`, so two acts of one plan don't take back each other's fields. `planned` is `Plan.base`, `now` the base as it stands.
 */
export function applySettled(now: Base | undefined, planned: Base | undefined, settled: Base): Base {
  if (now === undefined || planned === undefined) return settled;
  const names = new Set([...Object.keys(now.fields), ...Object.keys(planned.fields), ...Object.keys(settled.fields)]);
  const fields = Object.fromEntries(
    [...names].map((name): [string, unknown] => [name, pick(valueOf(now.fields, name), valueOf(planned.fields, name), valueOf(settled.fields, name))]).filter(([, value]) => value !== undefined),
  );
  const owned = pick(now.googleOwnsContent, planned.googleOwnsContent, settled.googleOwnsContent);
  const colour = pick(now.colour, planned.colour, settled.colour);
  const link = pick(now.link, planned.link, settled.link);
  const marked = pick(now.markedVoid, planned.markedVoid, settled.markedVoid);
  const people = pick(now.people, planned.people, settled.people);
  const unseen = pick(now.unseen, planned.unseen, settled.unseen);
  return {
    fields,
    block: pick(now.block, planned.block, settled.block) ?? '',
    ...(owned === true ? { googleOwnsContent: true as const } : {}),
    ...(colour === undefined ? {} : { colour }),
    ...(link === undefined ? {} : { link }),
    ...(unseen === undefined ? {} : { unseen }),
    ...(people === undefined ? {} : { people }),
    ...(marked === true ? { markedVoid: true as const } : {}),
  };
}

const pick = <Value>(now: Value, planned: Value, settled: Value): Value => (JSON.stringify(planned) === JSON.stringify(settled) ? now : settled);
const valueOf = (fields: Base['fields'], name: string): unknown => (fields as Record<string, unknown>)[name];

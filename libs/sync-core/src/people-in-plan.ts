import type { Base, Plan } from './plan-types.js';

/**
 * A plan of the fields knows nothing of people: what was agreed on of them stands as it did. Of an item that is made anew
 * nobody is agreed on, for it has none yet: an empty list there must not read as "all were taken out".
 */
export function keepPeople(before: Base | undefined, plan: Plan): Plan {
  const people = before?.people;
  if (people === undefined) return plan;
  const kept = (base: Base): Base => ({ ...base, people });
  const { inventive, google, base } = plan;
  return {
    ...plan,
    inventive: inventive.kind === 'update' ? { ...inventive, settled: kept(inventive.settled) } : inventive,
    google: google.kind === 'patch' ? { ...google, settled: kept(google.settled) } : google,
    base: base === undefined ? base : kept(base),
  };
}

/**
 * What is known of one side of a pair. Only a `Tombstone`, an explicit deletion by the provider, can lead to a delete:
 * absence from a list, a 404, a 403 or an empty answer leave a side `Unknown`, and no branch of the plan deletes on that.
 */
export type Snapshot<Fields> =
  | { readonly kind: 'known'; readonly fields: Fields }
  | { readonly kind: 'tombstone' }
  | { readonly kind: 'unknown' };

export const UNKNOWN = { kind: 'unknown' } as const;
export const TOMBSTONE = { kind: 'tombstone' } as const;
export const known = <Fields>(fields: Fields): Snapshot<Fields> => ({ kind: 'known', fields });

/** Why something is not synchronised, or not yet: a closed list, each with a text that a user can read (docs/rules). */
export const REASONS = [
  'outside-window',
  'series-not-supported',
  'foreign-organizer',
  'event-type-not-synchronised',
  'user-not-linked',
  'account-off',
  'account-joining',
  'needs-consent',
  'needs-calendar',
  'direction-excludes-side',
  'record-open-in-inventive',
  'held-by-brake',
  'quarantined-loop',
  'left-agenda',
  'deleted-on-both-sides',
  'private-content-stays',
  'refused-by-google',
  'refused-by-inventive',
  'ambiguous-match',
  'changed-too-often',
] as const;
export type Reason = (typeof REASONS)[number];
